using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Rejections;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Recording;
using Springest.Testing;

namespace Springest.Functions.Tests.Certificates;

/// <summary>The app as the office worker sees it: a drop, two folders in which files turn up, and a certification or two.</summary>
internal sealed class CertificateDesk(TestApp app) : IAsyncDisposable
{
    /// <summary>A certification that needs no valid_until, and one that does.</summary>
    public const long Certification = 3101;
    public const long CertificationWithEnd = 3102;
    public const string Email = "jo.de_vries@example.test";

    public TestApp App => app;

    public CertificateLedger Ledger => app.Get<CertificateLedger>();

    public BlobContainerClient Drop => app.Get<CertificateContainers>().Drop;

    public BlobContainerClient Accepted => app.Get<CertificateContainers>().Accepted;

    public BlobContainerClient Rejected => app.Get<CertificateContainers>().Rejected;

    /// <summary>Requests by which something was submitted.</summary>
    public IReadOnlyList<RecordedRequest> Posts => [.. app.Simulator.Requests.Snapshot().Where(request => request.Method == "POST")];

    public IReadOnlyList<PostedCertificate> AtSpringest => app.Simulator.Certificates.Snapshot();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Waits are off unless asked for, and the certifications are mirrored unless <paramref name="mirrored"/> is false.</summary>
    public static async Task<CertificateDesk> OpenAsync(
        AzuriteFixture azurite, Dictionary<string, string?>? settings = null, bool mirrored = true, TimeProvider? simulatorClock = null,
        Action<IServiceCollection>? services = null)
    {
        var simulated = new SimulatorOptions
        {
            Trainings = 40,
            Subjects = 12,
            Certifications = 5,
            TimeProvider = simulatorClock ?? TimeProvider.System,
        };
        var app = await TestApp.StartAsync(azurite.Azurite, simulated, settings: Instant(settings), services: services);
        app.Simulator.Catalogue.Certifications.Put(
            new JsonObject
            {
                ["id"] = Certification,
                ["name"] = "Projectleider niveau 1",
                ["description"] = null,
                ["requires_valid_until"] = false,
            });
        app.Simulator.Catalogue.Certifications.Put(
            new JsonObject
            {
                ["id"] = CertificationWithEnd,
                ["name"] = "Veilig werken op hoogte",
                ["description"] = "Basisdiploma",
                ["requires_valid_until"] = true,
            });
        var desk = new CertificateDesk(app);
        if (mirrored)
            await desk.MirrorAsync();
        return desk;
    }

    public Task MirrorAsync() => app.FireAsync("CrawlCertifications");

    /// <summary>Mirrors the certifications again, although it is not time yet.</summary>
    public async Task MirrorAgainAsync()
    {
        Assert.Equal(HttpStatusCode.Accepted, await ManageAsync("catalogue/nl/certifications/start"));
        await MirrorAsync();
    }

    /// <inheritdoc cref="TestApp.ManageAsync"/>
    public Task<HttpStatusCode> ManageAsync(string command) => app.ManageAsync(command);

    /// <summary>
    /// Has the files looked at, and looked at again while a certificate could not be marked in time as it is sent: a machine may be very
    /// busy.
    /// </summary>
    public async Task SweepAsync()
    {
        do
            await app.FireAsync("SweepCertificates");
        while (await Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).AnyAsync(IsUnmarked, Cancellation));

        static bool IsUnmarked(LedgerRow row) => row.Code == Reason.WaitingForStorage;
    }

    /// <summary>Drops a file in the site's folder, by default a certificate of a person of its own with all that it needs.</summary>
    public Task DropAsync(string name, byte[]? content = null, Dictionary<string, string>? metadata = null)
        => app.DropAsync(name, content ?? Pdf(name), metadata ?? Fields(email: EmailOf(name)));

    /// <summary>The person that a file is about unless something else is said.</summary>
    public static string EmailOf(string name)
        => $"p{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8))}@example.test";

    /// <summary>Has certificates sent again, after Springest took none.</summary>
    public async Task StartAsync() => Assert.Equal(HttpStatusCode.NoContent, await ManageAsync("certificates/nl/start"));

    /// <summary>What waits for a person's decision.</summary>
    public IAsyncEnumerable<SubmissionEntity> DoubtsAsync()
        => Ledger.ListAsync(SubmissionState.OutcomeUnknown, "nl", Cancellation).OfType<SubmissionEntity>();

    public static byte[] Pdf(string text) => SamplePdf.Create(text);

    public static Dictionary<string, string> Fields(
        string? certification = "3101", string? email = Email, string? from = "2026-01-15", string? until = null, string? booking = null)
        => new (string Name, string? Value)[]
        {
            ("certification_id", certification), ("email", email), ("valid_from", from), ("valid_until", until), ("booking_id", booking),
        }.Where(field => field.Value is not null).ToDictionary(field => field.Name, field => field.Value!);

    public Task<CertificateReport?> ReceiptAsync(string name) => ReportAsync(Accepted, $"{TestApp.Site}/{name}.receipt.json");

    public Task<CertificateReport?> RejectionAsync(string name) => ReportAsync(Rejected, $"{TestApp.Site}/{name}.rejection.json");

    /// <summary>The blobs of a container but for the lists of rejected files.</summary>
    public static async Task<List<string>> NamesAsync(BlobContainerClient container)
        => await container
            .GetBlobsAsync(cancellationToken: Cancellation)
            .Select(blob => blob.Name)
            .Where(name => !RejectionSheets.IsReserved(name))
            .Order(StringComparer.Ordinal)
            .ToListAsync(Cancellation);

    public async Task<bool> IsInDropAsync(string name) => await Drop.GetBlobClient($"{TestApp.Site}/{name}").ExistsAsync(Cancellation);

    /// <summary>Moves a rejected file back into the drop, as a person would.</summary>
    public async Task PutBackAsync(string name)
    {
        var rejected = Rejected.GetBlobClient($"{TestApp.Site}/{name}");
        var copy = await Drop.GetBlobClient($"{TestApp.Site}/{name}").StartCopyFromUriAsync(rejected.Uri, cancellationToken: Cancellation);
        await copy.WaitForCompletionAsync(Cancellation);
        await rejected.DeleteAsync(cancellationToken: Cancellation);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    public static Dictionary<string, string?> Instant(Dictionary<string, string?>? settings = null)
    {
        var all = new Dictionary<string, string?>
        {
            ["Springest:Certificates:MetadataWait"] = "00:00:00",
            ["Springest:Certificates:RetryDelay"] = "00:00:00",
        };
        foreach (var (name, value) in settings ?? [])
            all[name] = value;
        return all;
    }

    private static async Task<CertificateReport?> ReportAsync(BlobContainerClient container, string name)
    {
        try
        {
            var report = await container.GetBlobClient(name).DownloadContentAsync(Cancellation);
            return CertificateReport.FromJson(report.Value.Content.ToString());
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }
}
