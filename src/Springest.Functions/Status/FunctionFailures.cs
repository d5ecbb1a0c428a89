using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Springest.Functions.Status.Report;
using Springest.Functions.Storage;

namespace Springest.Functions.Status;

/// <summary>
/// Functions that failed several times in a row, whichever instances they ran on: a row each, beside the board, that goes with a success
/// at the latest a minute later.
/// </summary>
public sealed partial class FunctionFailures(AppStorage storage, TimeProvider time, ILogger<FunctionFailures> logger)
{
    private const string Partition = "failures";
    private const int InARow = 3;
    private const int MostTries = 5;

    // What is never called again neither fails nor succeeds any more.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, bool> _failing = new();
    private readonly Lock _lock = new();
    private long? _looked;

    private TableClient Table => storage.Table(TodoBoard.Table);

    /// <summary>Notes that an execution failed.</summary>
    public async Task FailedAsync(string function, Exception failure)
    {
        _failing[function] = true;
        await TryAsync(async cancellationToken =>
        {
            for (var tries = 0; tries < MostTries; tries++)
            {
                var now = time.GetUtcNow();
                var row = await Table.FindAsync<FailureEntity>(Partition, function, cancellationToken)
                    ?? new() { PartitionKey = Partition, RowKey = function, Since = now };
                if (now - row.Last >= Kept)
                    (row.Times, row.Since) = (0, now);
                // However many fail at once, what is known already costs no write.
                if (row.Times >= InARow && now - row.Last < Fresh)
                    return;
                (row.Times, row.Last, row.Exception) = (Math.Min(row.Times + 1, InARow), now, failure.GetType().Name);
                if (await Table.TryWriteAsync(row, cancellationToken))
                    return;
            }
        });
    }

    /// <summary>
    /// Notes that an execution succeeded. As long as nothing is known to fail that costs a read of storage a minute, for all functions.
    /// </summary>
    public async Task SucceededAsync(string function)
    {
        if (IsToLook())
            await TryAsync(async cancellationToken =>
            {
                var now = time.GetUtcNow();
                await foreach (var row in RowsAsync(cancellationToken))
                {
                    if (now - row.Last < Kept)
                        _failing[row.RowKey] = true;
                    else
                        await Table.DeleteEntityAsync(Partition, row.RowKey, row.ETag, cancellationToken);
                }
            });
        if (_failing.TryRemove(function, out _))
            await TryAsync(cancellationToken => Table.DeleteEntityAsync(Partition, function, ETag.All, cancellationToken));
    }

    /// <summary>Those that a person should look at.</summary>
    public async Task<IReadOnlyList<AttentionItem>> ListAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await RowsAsync(cancellationToken)
            .Where(row => row.Times >= InARow && now - row.Last < Kept)
            .Select(row => new AttentionItem(
                "function-failed", "", row.RowKey,
                $"{row.RowKey} has failed {InARow} times in a row or more, at last with {row.Exception}. The log says more.", row.Since))
            .ToListAsync(cancellationToken);
    }

    private AsyncPageable<FailureEntity> RowsAsync(CancellationToken cancellationToken)
        => Table.QueryAsync<FailureEntity>(row => row.PartitionKey == Partition, cancellationToken: cancellationToken);

    private bool IsToLook()
    {
        lock (_lock)
        {
            if (_looked is { } looked && time.GetElapsedTime(looked) < Fresh)
                return false;
            _looked = time.GetTimestamp();
            return true;
        }
    }

    // Whether or not it can be noted, the execution has ended as it has.
    private async Task TryAsync(Func<CancellationToken, Task> note)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await note(patience.Token);
        }
        catch (Exception exception)
        {
            Log.NotNoted(logger, exception.GetType().Name);
        }
    }

    internal sealed class FailureEntity : ITableEntity
    {
        public string PartitionKey { get; set; } = "";

        public string RowKey { get; set; } = "";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public int Times { get; set; }

        public DateTimeOffset Since { get; set; }

        public DateTimeOffset Last { get; set; }

        public string Exception { get; set; } = "";
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Outcomes of executions not read or written: {Exception}")]
        public static partial void NotNoted(ILogger logger, string exception);
    }
}
