using Springest.Testing;

namespace Springest.Benchmarks.Webhooks;

/// <summary>What the intake of webhooks promises, in figures.</summary>
internal static class WebhookBenchmarks
{
    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        await Burst.RunAsync(report, azurite, cancellationToken);
        await Freshness.RunAsync(report, azurite, cancellationToken);
        await Acknowledgements.RunAsync(report, azurite, cancellationToken);
        await Memory.RunAsync(report, azurite, cancellationToken);
    }
}
