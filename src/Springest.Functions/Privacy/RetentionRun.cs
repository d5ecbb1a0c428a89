using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Springest.Functions.Storage;

namespace Springest.Functions.Privacy;

/// <summary>Once a day, removes what is older than it is to be kept; what a run has no time for comes with the next.</summary>
public sealed partial class RetentionRun(
    AppStorage storage, IEnumerable<IRetention> kinds, TimeProvider clock, ILogger<RetentionRun> logger)
{
    private const string Partition = "retention";
    private const string Column = "Done";

    // A little less than a day, so that it does not come later every day.
    private static readonly TimeSpan _interval = TimeSpan.FromHours(23.5);

    private readonly TableClient _table = storage.Table(Erasures.Table);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var last = await _table.FindAsync<TableEntity>(Partition, Partition, cancellationToken);
        if (last?.GetDateTimeOffset(Column) + _interval > clock.GetUtcNow())
            return;
        var failures = new List<Exception>();
        foreach (var kind in kinds)
        {
            try
            {
                var removed = await kind.RemoveOldAsync(cancellationToken);
                if (removed > 0)
                    Log.Removed(logger, kind.GetType().Name, removed);
            }
            // What cannot be removed keeps nothing else from being removed.
            catch (RequestFailedException e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
            throw new AggregateException(failures);
        await _table.UpsertEntityAsync(
            new TableEntity(Partition, Partition) { [Column] = clock.GetUtcNow() }, TableUpdateMode.Replace, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Kind}: {Count} records were older than they are kept, and are removed")]
        public static partial void Removed(ILogger logger, string kind, int count);
    }
}
