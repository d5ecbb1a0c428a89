using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Hosting;

namespace Springest.Functions.Certificates.Copies;

/// <summary>Time to copy the ledger.</summary>
public sealed class ExportCertificatesFunction(LedgerExport export, StoppableWork work)
{
    [Function("ExportCertificates")]
    public Task RunAsync([TimerTrigger("%Springest:Certificates:ExportSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => work.RunAsync((stop, _) => export.RunAsync(stop), cancellationToken);
}
