using System.Globalization;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Springest.Functions.Storage;

namespace Springest.Functions.Access;

/// <summary>
/// The table <c>OperatorLog</c>: who commanded what, and when. It is written before the command is carried out; if it cannot be, neither
/// is the command.
/// </summary>
public sealed class OperatorLog(AppStorage storage, TimeProvider time)
{
    public const string Table = "OperatorLog";

    /// <summary>Removes what was noted before a time.</summary>
    /// <returns>How many rows.</returns>
    public Task<int> RemoveBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        var (month, moment) = (MonthOf(time), PlaceOf(time));
        return storage.Table(Table).DeleteAllAsync(
            TableClient.CreateQueryFilter($"PartitionKey lt {month} or (PartitionKey eq {month} and RowKey gt {moment})"),
            cancellationToken);
    }

    /// <summary>Notes a command by its address. Of the query only what the address takes, which is nobody's data.</summary>
    internal Task NoteAsync(
        Caller caller, string function, HttpRequest request, IEnumerable<string> parameters)
    {
        var now = time.GetUtcNow();
        // By month, so that what is old can go; the newest first.
        var entity = new TableEntity(
            MonthOf(now),
            $"{PlaceOf(now)}-{Guid.NewGuid():N}")
        {
            ["At"] = now,
            ["Name"] = caller.Name,
            ["Role"] = caller.Role.ToString(),
            ["Function"] = function,
            ["Address"] = request.Path.Value,
            ["Parameters"] = string.Join(
                '&', parameters.Where(request.Query.ContainsKey).Select(name => $"{name}={request.Query[name]}")),
        };
        // Nobody else has this key: what is there already was written by a try whose answer was lost.
        return storage.Table(Table).TryWriteAsync(entity, request.HttpContext.RequestAborted);
    }

    private static string PlaceOf(DateTimeOffset time)
        => (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    private static string MonthOf(DateTimeOffset time) => time.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
