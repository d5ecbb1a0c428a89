using System.Text.Json;
using Azure.Storage.Blobs;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>Certificates as an office worker drops them, and what becomes of them.</summary>
internal static class Certificates
{
    /// <summary>A good one, for somebody whom no other test knows.</summary>
    public static (string File, byte[] Content, string Email) Make(App app)
    {
        var certification = app
            .Simulator.Catalogue.Certifications.Snapshot()
            .First(record => record.ToObject()["requires_valid_until"]?.GetValue<bool>() is not true)
            .Id;
        var email = $"e2e{Ids.Next()}@example.org";
        return ($"{certification}_{email}_2026-03-01.pdf", SamplePdf.Create($"Certificate of {email}"), email);
    }

    /// <summary>What lies beside the file once it is accepted.</summary>
    public static Task<JsonElement> ReceiptAsync(App app, string blob) => ReportAsync(app.Accepted, $"{blob}.receipt.json");

    /// <summary>What lies beside the file once it is rejected.</summary>
    public static Task<JsonElement> RejectionAsync(App app, string blob) => ReportAsync(app.Rejected, $"{blob}.rejection.json");

    /// <summary>How often a certificate of this person was posted to the simulator.</summary>
    public static int Posted(App app, string email)
        => app.Simulator.Certificates.Snapshot().Count(posted => posted.Fields["email"] == email);

    private static async Task<JsonElement> ReportAsync(BlobContainerClient container, string name)
    {
        var report = await Eventually.SeeAsync(
            name,
            async ()
                => await container.GetBlobClient(name).ExistsAsync(TestContext.Current.CancellationToken)
                    ? (await container.GetBlobClient(name).DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content
                    : null);
        return JsonDocument.Parse(report).RootElement;
    }
}
