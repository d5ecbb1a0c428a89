using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Hosting;

namespace Springest.Functions.Certificates.Submission;

/// <summary>Time to ask which of the accepted certificates Springest has verified.</summary>
public sealed class VerifyCertificatesFunction(CertificateVerification verification, StoppableWork work)
{
    [Function("VerifyCertificates")]
    public Task RunAsync([TimerTrigger("%Springest:Certificates:ReadBackSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => work.RunAsync((stop, _) => verification.RunAsync(stop), cancellationToken);
}
