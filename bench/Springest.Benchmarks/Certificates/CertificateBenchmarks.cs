using Springest.Testing;

namespace Springest.Benchmarks.Certificates;

/// <summary>What the submitting of certificates promises, in figures.</summary>
internal static class CertificateBenchmarks
{
    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        await OneByOne.RunAsync(report, azurite, cancellationToken);
        await AllAtOnce.RunAsync(report, azurite, cancellationToken);
        await LargeDrop.RunAsync(report, cancellationToken);
    }
}
