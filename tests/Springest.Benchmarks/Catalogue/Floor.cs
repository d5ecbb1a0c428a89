using System.Diagnostics;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Storage;
using Springest.Functions.Tests.Catalogue;
using Springest.Testing;

namespace Springest.Benchmarks.Catalogue;

/// <summary>
/// The least that storage takes for a first fill: the same rows once more, a hundred in a transaction and two transactions at a time,
/// with nothing else to do.
/// </summary>
internal static class Floor
{
    public static async Task RunAsync(Report report, Azurite azurite, string prefix, FirstFill fill, CancellationToken cancellationToken)
    {
        var storage = MirrorProcess.Storage(azurite.ConnectionString, prefix);
        var time = TimeSpan.Zero;
        foreach (var table in (string[])[nameof(Trainings), Tables.Changes])
            time += await CopyAsync(storage.Table(table), storage.Table($"{table}Again"), cancellationToken);
        report.Add("baseline: the same rows written by bare transactions to the same emulator", time.TotalSeconds, "s");
        report.AtMost(1.5, "first fill, against that and the API's time, whichever is longer", fill.Time / Max(time, fill.Requests * TimeSpan.FromMilliseconds(300) / 8), "x");
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static async Task<TimeSpan> CopyAsync(TableClient from, TableClient to, CancellationToken cancellationToken)
    {
        await to.CreateIfNotExistsAsync(cancellationToken);
        var rows = await from.QueryAsync<TableEntity>(cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            rows.Chunk(100),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            async (chunk, token) => await to.SubmitTransactionAsync(chunk.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), token));
        return Stopwatch.GetElapsedTime(started);
    }
}
