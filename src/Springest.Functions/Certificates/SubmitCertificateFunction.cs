using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;

namespace Springest.Functions.Certificates;

/// <summary>A file came into the drop.</summary>
public sealed class SubmitCertificateFunction(CertificateIntake intake)
{
    [Function("SubmitCertificate")]
    public Task RunAsync(
        [BlobTrigger("%Springest:Certificates:Container%/{name}", Connection = "AzureWebJobsStorage", Source = BlobTriggerSource.EventGrid)] BlobClient blob,
        CancellationToken cancellationToken)
        => intake.TakeInAsync(blob.Name, cancellationToken);
}
