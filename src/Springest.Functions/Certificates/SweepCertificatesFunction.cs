using Microsoft.Azure.Functions.Worker;

namespace Springest.Functions.Certificates;

/// <summary>Time to look for files whose event never came, and those that waited.</summary>
public sealed class SweepCertificatesFunction(CertificateSweep sweep)
{
    [Function("SweepCertificates")]
    public Task RunAsync([TimerTrigger("%Springest:Certificates:SweepSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => sweep.RunAsync(cancellationToken);
}
