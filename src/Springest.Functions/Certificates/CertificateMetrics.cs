using System.Diagnostics.Metrics;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates;

/// <summary>What becomes of certificates, as metrics of the meter <c>Springest.Functions.Certificates</c>.</summary>
public sealed class CertificateMetrics
{
    private readonly Counter<long> _outcomes;

    public CertificateMetrics(IMeterFactory meters)
        => _outcomes = meters.Create("Springest.Functions.Certificates").CreateCounter<long>(
            "springest.certificates.outcomes", "{outcome}", "Outcomes, one for each time that a certificate or a file was processed.");

    internal void Ended(LedgerRow row)
        => _outcomes.Add(1, new("site", row.PartitionKey), new("state", row.State.ToString()), new("code", row.Code));
}
