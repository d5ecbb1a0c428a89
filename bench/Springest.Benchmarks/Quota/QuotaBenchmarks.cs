using Azure.Data.Tables;
using Springest.Testing;

namespace Springest.Benchmarks.Quota;

/// <summary>What the shared quota promises, in figures.</summary>
internal static class QuotaBenchmarks
{
    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        Schedules.Run(report, cancellationToken);
        // In virtual time, where no synchronisation context may catch what goes on at once.
        await Task.Run(() => Hours.Run(report), cancellationToken);
        LocalGrants.Run(report);

        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient("QuotaBenchmarks");
        await table.CreateIfNotExistsAsync(cancellationToken);
        await Contention.RunAsync(report, table, cancellationToken);
        await Rivals.RunAsync(report, table, cancellationToken);
    }
}
