using Microsoft.Azure.Functions.Worker;

namespace Springest.Functions.Certificates;

/// <summary>Time to ask which of the accepted certificates Springest has verified.</summary>
public sealed class VerifyCertificatesFunction(CertificateVerification verification)
{
    [Function("VerifyCertificates")]
    public Task RunAsync([TimerTrigger("%Springest:Certificates:ReadBackSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => verification.RunAsync(cancellationToken);
}
