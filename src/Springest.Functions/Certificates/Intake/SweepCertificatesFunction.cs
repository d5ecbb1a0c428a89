using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Hosting;

namespace Springest.Functions.Certificates.Intake;

/// <summary>Time to look for files whose event never came, and those that waited.</summary>
public sealed class SweepCertificatesFunction(DropSweeper sweep, StoppableWork work)
{
    [Function("SweepCertificates")]
    public Task RunAsync([TimerTrigger("%Springest:Certificates:SweepSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => work.RunAsync((stop, _) => sweep.RunAsync(stop), cancellationToken);
}
