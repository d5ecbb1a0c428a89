using System.Text;
using System.Security.Cryptography;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Certificates;

public sealed class AcceptingTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dropped_file_is_submitted_and_moved_with_its_receipt()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var pdf = CertificateDesk.Pdf("Jo");

        await desk.DropAsync("jo.pdf", pdf, CertificateDesk.Fields(until: "2029-01-15", booking: "610001"));
        await desk.App.TriggerAsync("jo.pdf");

        var receipt = await desk.ReceiptAsync("jo.pdf");
        Assert.NotNull(receipt);
        var posted = Assert.Single(desk.AtSpringest);
        Assert.Equal(
            [
                ("booking_id", "610001"),
                ("certification_id", "3101"),
                ("email", CertificateDesk.Email),
                ("valid_from", "2026-01-15"),
                ("valid_until", "2029-01-15"),
            ],
            posted.Fields.Select(field => (field.Key, field.Value)).Order());
        Assert.Equal(("jo.pdf", "application/pdf", Hash(pdf)), (posted.FileName, posted.ContentType, posted.Sha256));
        Assert.Equal(
            ("accepted", posted.Id, "nl/jo.pdf", Hash(pdf)),
            (receipt.State, receipt.CertificateId, receipt.File, receipt.ContentHash));
        Assert.Equal($"{desk.Accepted.Name}/nl/jo.pdf", receipt.MovedTo);
        Assert.False(await desk.IsInDropAsync("jo.pdf"));

        var moved = desk.Accepted.GetBlobClient("nl/jo.pdf");
        Assert.Equal(pdf, (await moved.DownloadContentAsync(Cancellation)).Value.Content.ToArray());
        BlobProperties properties = await moved.GetPropertiesAsync(cancellationToken: Cancellation);
        Assert.Equal("accepted", properties.Metadata["springest_state"]);
        Assert.Equal($"{posted.Id}", properties.Metadata["springest_id"]);
        Assert.Equal(CertificateDesk.Email, properties.Metadata["email"]);
        Assert.Equal(1, (await desk.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Accepted)]);
    }

    [Fact]
    public async Task The_sweep_takes_what_no_event_told_of()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        for (var i = 0; i < 12; i++)
            await desk.DropAsync($"class/{i}.pdf");

        await desk.SweepAsync();

        Assert.Equal(12, desk.AtSpringest.Count);
        Assert.Equal(24, (await CertificateDesk.NamesAsync(desk.Accepted)).Count);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    [Theory]
    [InlineData("3101_jo@example.test_2026-01-15.pdf", "jo@example.test", null, null)]
    [InlineData("3101_jo_de_vries@ex-am.example.test_2026-01-15_2029-01-15.pdf", "jo_de_vries@ex-am.example.test", "2029-01-15", null)]
    [InlineData("3101__x_@example.test_2026-01-15_610001.PDF", "_x_@example.test", null, "610001")]
    [InlineData("3101_jo_2020-01-01@example.test_2026-01-15_2029-01-15_7001.pdf", "jo_2020-01-01@example.test", "2029-01-15", "7001")]
    [InlineData("3101_jo@example.test_2026-01-15_1.pdf", "jo@example.test", null, null)]
    [InlineData("3101_jo@example.test_2026-01-15_610001_2.pdf", "jo@example.test", null, "610001")]
    [InlineData("3101_jo@example.test_2026-01-15_2029-01-15 (3).pdf", "jo@example.test", "2029-01-15", null)]
    [InlineData("3101_o'neill@example.test_2026-01-15~1f2e3d4c5b6a.pdf", "o'neill@example.test", null, null)]
    [InlineData("3101_jo@example.test_2026-01-15_2~1f2e3d4c5b6a~0123456789ab.pdf", "jo@example.test", null, null)]
    public async Task A_file_name_can_say_it_all(string name, string email, string? until, string? booking)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        await desk.DropAsync(name, metadata: []);
        await desk.SweepAsync();

        var fields = Assert.Single(desk.AtSpringest).Fields;
        Assert.Equal(("3101", email, "2026-01-15"), (fields["certification_id"], fields["email"], fields["valid_from"]));
        Assert.Equal((until, booking), (fields.GetValueOrDefault("valid_until"), fields.GetValueOrDefault("booking_id")));
    }

    [Fact]
    public async Task A_sidecar_goes_where_its_file_goes()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        await desk.App.DropAsync("jo.pdf.json", """
            { "certification_id": 3101, "email": "jo@example.test", "valid_from": "2026-01-15", "booking_id": "12", "_note": [1] }
            """u8.ToArray());
        await desk.DropAsync("jo.pdf", metadata: []);
        await desk.SweepAsync();

        Assert.Equal("12", Assert.Single(desk.AtSpringest).Fields["booking_id"]);
        Assert.Equal(["nl/jo.pdf", "nl/jo.pdf.json", "nl/jo.pdf.receipt.json"], await CertificateDesk.NamesAsync(desk.Accepted));
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    [Theory]
    [InlineData("""{ "Certificering": 3101, "e-mail": " jo@example.test\u200B", "geldig vanaf": "2026-01-15", "Boeking": 610001 }""")]
    [InlineData("""{ "Zertifizierung": "3101", "E-Mail": "jo@example.test", "g\u00FCltig ab": "2026-01-15", "Buchung": "610001" }""")]
    [InlineData(
        """{ "$note": 1, "certificering_id": 3101, "e_mailadres": "jo@example.test", "GELDIG-VANAF": "2026-01-15", "boeking": 610001 }""")]
    public async Task A_sidecar_s_fields_are_known_as_an_office_calls_them(string sidecar)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        await desk.App.DropAsync("jo.pdf.json", Encoding.UTF8.GetBytes(sidecar));
        await desk.DropAsync("jo.pdf", metadata: []);
        await desk.SweepAsync();

        var fields = Assert.Single(desk.AtSpringest).Fields;
        Assert.Equal(
            ("3101", "jo@example.test", "2026-01-15", "610001"),
            (fields["certification_id"], fields["email"], fields["valid_from"], fields["booking_id"]));
    }

    [Fact]
    public async Task A_sidecar_s_fields_are_known_in_small_and_capital_letters()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        await desk.App.DropAsync(
            "jo.pdf.json",
            """{ "Certification_Id": 3101, "Email": "jo@example.test", "VALID_FROM": "2026-01-15" }"""u8.ToArray());
        await desk.DropAsync("jo.pdf", metadata: []);
        await desk.SweepAsync();

        Assert.Equal("jo@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
    }

    [Fact]
    public async Task A_sidecar_may_come_after_its_file()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Certificates:MetadataWait"] = "00:10:00" });

        await desk.DropAsync("jo.pdf", metadata: []);
        await desk.App.TriggerAsync("jo.pdf");
        Assert.Single(await desk.Ledger.ListAsync(SubmissionState.Waiting, cancellationToken: Cancellation).ToListAsync(Cancellation));
        await desk.App.DropAsync(
            "jo.pdf.json",
            """{ "certification_id": 3101, "email": "jo@example.test", "valid_from": "2026-01-15" }"""u8.ToArray());
        await desk.App.TriggerAsync("jo.pdf.json");

        Assert.NotNull(await desk.ReceiptAsync("jo.pdf"));
        Assert.Single(desk.AtSpringest);
        Assert.Empty(await desk.Ledger.ListAsync(SubmissionState.Waiting, cancellationToken: Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task The_blob_s_metadata_comes_before_sidecar_and_name()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        const string name = "3101_name@example.test_2026-01-15.pdf";

        await desk.App.DropAsync(
            $"{name}.json",
            """{ "certification_id": 3101, "email": "sidecar@example.test", "valid_from": "2026-01-15" }"""u8.ToArray());
        await desk.DropAsync(name, metadata: CertificateDesk.Fields(email: "metadata@example.test"));
        await desk.SweepAsync();

        Assert.Equal("metadata@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
    }

    [Fact]
    public async Task A_file_waits_until_the_certifications_are_mirrored()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, mirrored: false);

        await desk.DropAsync("jo.pdf");
        await desk.SweepAsync();
        var waiting = await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation);
        Assert.Equal(Reason.WaitingForCatalogue, waiting.Code);
        Assert.True(await desk.IsInDropAsync("jo.pdf"));

        await desk.MirrorAsync();
        await desk.SweepAsync();
        Assert.NotNull(await desk.ReceiptAsync("jo.pdf"));
        Assert.Equal([("nl", SubmissionState.Accepted)], (await desk.Ledger.CountAsync(Cancellation)).Keys);
    }

    [Fact]
    public async Task A_file_that_somebody_is_still_writing_is_left_alone()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("jo.pdf");
        var writer = desk.Drop.GetBlobClient("nl/jo.pdf").GetBlobLeaseClient();
        await writer.AcquireAsync(TimeSpan.FromSeconds(60), cancellationToken: Cancellation);

        await desk.SweepAsync();
        Assert.Empty(desk.Posts);
        Assert.Equal(
            Reason.StillBeingWritten,
            (await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation)).Code);

        await writer.ReleaseAsync(cancellationToken: Cancellation);
        await desk.SweepAsync();
        Assert.NotNull(await desk.ReceiptAsync("jo.pdf"));
    }

    [Fact]
    public async Task A_name_that_is_taken_costs_nobody_a_file()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        foreach (var person in (string[])["a", "b", "c"])
        {
            await desk.DropAsync("certificate.pdf", CertificateDesk.Pdf(person), CertificateDesk.Fields(email: $"{person}@example.test"));
            await desk.SweepAsync();
        }

        var names = await CertificateDesk.NamesAsync(desk.Accepted);
        Assert.Equal(6, names.Count);
        var contents = new List<string>();
        foreach (var name in names.Where(name => name.EndsWith(".pdf", StringComparison.Ordinal)))
        {
            var content = (await desk.Accepted.GetBlobClient(name).DownloadContentAsync(Cancellation)).Value.Content.ToArray();
            var receipt = CertificateReport.FromJson(
                (await desk.Accepted.GetBlobClient($"{name}.receipt.json").DownloadContentAsync(Cancellation)).Value.Content.ToString());
            Assert.Equal(Hash(content), receipt.ContentHash);
            contents.Add(receipt.Email!);
        }

        Assert.Equal(["a@example.test", "b@example.test", "c@example.test"], contents.Order());
    }

    [Fact]
    public async Task The_same_person_gets_a_new_certificate_for_new_dates()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var pdf = CertificateDesk.Pdf("Jo");

        await desk.DropAsync("first.pdf", pdf, CertificateDesk.Fields(from: "2024-01-15"));
        await desk.DropAsync("second.pdf", pdf, CertificateDesk.Fields(from: "2026-01-15"));
        await desk.SweepAsync();

        Assert.Equal(["2024-01-15", "2026-01-15"], desk.AtSpringest.Select(posted => posted.Fields["valid_from"]).Order());
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
