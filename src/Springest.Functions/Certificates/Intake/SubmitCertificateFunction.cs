using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Hosting;

namespace Springest.Functions.Certificates.Intake;

/// <summary>A file came into the drop.</summary>
public sealed class SubmitCertificateFunction(CertificateImport intake, StoppableWork work)
{
    [Function("SubmitCertificate")]
    public Task RunAsync(
        [BlobTrigger("%Springest:Certificates:Container%/{name}", Connection = "AzureWebJobsStorage", Source = BlobTriggerSource.EventGrid)]
            BlobClient blob,
        CancellationToken cancellationToken) => work.RunAsync((stop, _) => intake.TakeInAnnouncedAsync(blob.Name, stop), cancellationToken);
}
