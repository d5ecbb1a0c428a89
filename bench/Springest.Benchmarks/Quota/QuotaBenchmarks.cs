using Azure.Data.Tables;
using Springest.Testing;

namespace Springest.Benchmarks.Quota;

/// <summary>What the shared quota promises, in figures.</summary>
internal static class QuotaBenchmarks
{
    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        Schedules.Run(report, cancellationToken);
        Hours.Run(report);

        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient("QuotaBenchmarks");
        await table.CreateIfNotExistsAsync(cancellationToken);
        foreach (var added in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromMilliseconds(15)])
            await Contention.RunAsync(report, table, added, cancellationToken);
        await Rivals.RunAsync(report, table, cancellationToken);
    }
}
