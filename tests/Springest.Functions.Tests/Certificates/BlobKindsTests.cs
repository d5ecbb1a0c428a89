using System.Net;
using System.Net.Http.Headers;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Certificates;

/// <summary>
/// Blobs of every kind that there is in a container: types, tiers, leases, locks, marks, names. Each ends somewhere with a reason, and none
/// keeps the sweep or the trigger from the others. What the emulator does not have, a proxy before it answers as Azure does. What only an
/// account with a hierarchical namespace has (folders with rights of their own) cannot be shown here.
/// </summary>
public sealed class BlobKindsTests(AzuriteFixture azurite)
{
    private const string Accepted = "accepted";
    private const string Gone = "gone, without a row";
    private const string Left = "left alone";

    private static readonly Kind[] s_kinds =
    [
        new("block.pdf", Accepted),
        new("cool.pdf", Accepted) { After = blob => blob.SetAccessTierAsync(AccessTier.Cool) },
        new("archived.pdf", "stuck BlobArchived") { After = blob => blob.SetAccessTierAsync(AccessTier.Archive) },
        new("rehydrating.pdf", "stuck BlobBeingRehydrated") { Fault = (HttpMethods.Get, 409, "BlobBeingRehydrated") },
        new("own key.pdf", "stuck BlobUsesCustomerSpecifiedEncryption")
        {
            Fault = (HttpMethods.Get, 409, "BlobUsesCustomerSpecifiedEncryption"),
        },
        new("snapshots.pdf", Accepted) { After = blob => blob.CreateSnapshotAsync() },
        new("legal hold.pdf", "accepted, stuck BlobImmutableDueToPolicy") { Fault = (HttpMethods.Delete, 409, "BlobImmutableDueToPolicy") },
        new("leased late.pdf", "accepted, stuck LeaseIdMissing") { Fault = (HttpMethods.Delete, 412, "LeaseIdMissing") },
        new("something new.pdf", "accepted, stuck SomethingNew") { Fault = (HttpMethods.Delete, 403, "SomethingNew") },
        new("no copy.pdf", "accepted, stuck CannotVerifyCopySource") { Fault = (HttpMethods.Put, 403, "CannotVerifyCopySource") },
        // What only the trigger asks for; the sweep has a list.
        new("no look.pdf", Accepted) { Fault = (HttpMethods.Head, 409, "BlobBeingRehydrated") },
        new("no look, no code.pdf", Accepted) { Fault = (HttpMethods.Head, 409, "") },
        new("leased.pdf", $"Waiting {Reason.StillBeingWritten}")
        {
            After = blob => blob.GetBlobLeaseClient().AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration),
        },
        new("append.pdf", Accepted) { Upload = AppendAsync },
        new("page.pdf", $"rejected {Reason.FileIsNotPdf}") { Upload = PageAsync },
        new("empty.pdf", $"rejected {Reason.FileEmpty}") { Content = [] },
        new("gzip header.pdf", Accepted)
        {
            After = blob => blob.SetHttpHeadersAsync(new() { ContentEncoding = "gzip", ContentType = "x" }),
        },
        new("tagged.pdf", Accepted) { After = blob => blob.SetTagsAsync(new Dictionary<string, string> { ["a"] = "b" }) },
        new("folder", Left) { Content = [], More = ("hdi_isfolder", "true") },
        new("folder/", Left) { Content = [] },
        new("no folder/", $"rejected {Reason.FileTypeNotAllowed}"),
        new("odd folder", Left) { Content = [], More = ("Hdi_IsFolder", "1") },
        new("no folder.pdf", Accepted) { More = ("hdi_isfolder", "false") },
        new("folder with content.pdf", Accepted) { More = ("hdi_isfolder", "true") },
        new("odd mark.pdf", $"rejected {Reason.FieldUnknown}") { More = ("valid_untill", "2029-01-01") },
        new(".DS_Store", Gone),
        new("class/Thumbs.db", Gone),
        new("desktop.ini", Gone),
        new("~$list.docx", Gone),
        new("._manifest.csv", Gone),
        new(".~lock.manifest.csv#", Gone),
        new("__MACOSX/nl/jo.pdf", Gone),
        new("jo.pdf.JSON", $"rejected {Reason.SidecarMisnamed}"),
        new("lonely.pdf.json", $"rejected {Reason.SidecarWithoutFile}"),
        new("jo.pdf.filepart", $"rejected {Reason.FileTypeNotAllowed}"),
        new("data.xlsx", $"rejected {Reason.ManifestMisnamed}"),
        new(new string('n', 1000) + ".pdf", Accepted),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_kind_of_blob_ends_somewhere_with_a_reason()
    {
        Assert.True(s_kinds.Length >= 30);
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString, ["Springest:Certificates:ManifestWait"] = "00:00:00" });
        // As another program has it, past the proxy.
        var drop = new BlobServiceClient(azurite.Azurite.ConnectionString, new() { TrimBlobNameSlashes = false })
            .GetBlobContainerClient(desk.Drop.Name);
        foreach (var kind in s_kinds)
            await kind.UploadAsync(drop);
        proxy.Exchange = (request, send) => ExchangeAsync(desk.Drop.Name, request, send);

        foreach (var kind in s_kinds)
            await desk.App.TriggerAsync(kind.Name);
        await desk.SweepAsync();
        // What may still be written to is left alone for a minute.
        await using var later = await desk.App.AnotherInstanceAsync(
            services: services => services.AddSingleton<TimeProvider>(new ShiftedClock { Shift = TimeSpan.FromMinutes(3) }));
        await later.FireAsync("SweepCertificates");
        await later.FireAsync("SweepCertificates");

        var notes = await later.Get<CertificateAttention>().ListAsync(200, Cancellation);
        proxy.Exchange = async (_, send) => await send();
        foreach (var kind in s_kinds)
            Assert.Equal((kind.Name, kind.End), (kind.Name, await EndAsync(desk, kind, notes)));
        Assert.All(
            desk.AtSpringest.GroupBy(posted => posted.FileName), files => Assert.Single(files));

        // Once storage lets go of them, they go on by themselves.
        await drop.GetBlobClient("nl/archived.pdf").SetAccessTierAsync(AccessTier.Hot, cancellationToken: Cancellation);
        await drop.GetBlobClient("nl/leased.pdf").GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancellation);
        await using var last = await desk.App.AnotherInstanceAsync(
            services: services => services.AddSingleton<TimeProvider>(new ShiftedClock { Shift = TimeSpan.FromMinutes(6) }));
        await last.FireAsync("SweepCertificates");

        Assert.Equal(
            ["nl/folder", "nl/folder/", "nl/odd folder"], (await CertificateDesk.NamesAsync(drop)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(
            await last.Get<CertificateAttention>().ListAsync(200, Cancellation), note => note.Code == Reason.StorageRefusesFile);
        Assert.All(
            s_kinds.Where(kind => kind.End.Contains("stuck", StringComparison.Ordinal)),
            kind => Assert.Single(desk.AtSpringest, posted => posted.FileName == kind.Name));
    }

    /// <summary>Dots are resolved on their way to storage, and would so lead to another blob.</summary>
    [Fact]
    public async Task A_name_that_cannot_be_asked_for_is_named_to_a_person_until_it_is_gone()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        var listed = true;
        proxy.Exchange = async (request, send) =>
        {
            var answer = await send();
            if (listed && request.Query["comp"] == "list" && request.Path.Value!.EndsWith(desk.Drop.Name, StringComparison.Ordinal))
            {
                var page = await answer.Content.ReadAsStringAsync();
                answer.Content = new StringContent(page.Replace("<Name>nl/dots", "<Name>nl/../nl/dots", StringComparison.Ordinal));
            }

            return answer;
        };
        await using var app = await desk.App.AnotherInstanceAsync(new() { ["AzureWebJobsStorage"] = proxy.ConnectionString });
        await desk.DropAsync("dots.pdf");

        await app.FireAsync("SweepCertificates");
        await app.FireAsync("SweepCertificates");

        var note = Assert.Single(await app.Get<CertificateAttention>().ListAsync(9, Cancellation));
        Assert.Equal((Reason.NameNotUsable, "nl/../nl/dots.pdf"), (note.Code, note.Subject));
        Assert.Empty(desk.Posts);

        listed = false;
        await using var later = await desk.App.AnotherInstanceAsync(
            services: services => services.AddSingleton<TimeProvider>(new ShiftedClock { Shift = TimeSpan.FromMinutes(30) }));
        await later.FireAsync("SweepCertificates");

        Assert.Empty(await later.Get<CertificateAttention>().ListAsync(9, Cancellation));
        Assert.Single(desk.AtSpringest);
    }

    [Fact]
    public async Task A_sidecar_or_report_that_storage_does_not_release_is_named()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString });
        proxy.Exchange = async (request, send)
            => request.Path.Value is { } path
                && ((request.Method == HttpMethods.Get && path.EndsWith("/a.pdf.json", StringComparison.Ordinal))
                    || (request.Method == HttpMethods.Put && path.EndsWith("/b.pdf.receipt.json", StringComparison.Ordinal)))
                ? Refusal(409, "BlobArchived") : await send();
        await desk.App.DropAsync("a.pdf.json", "{}"u8.ToArray());
        await desk.DropAsync("a.pdf", metadata: []);
        await desk.DropAsync("b.pdf");

        await desk.SweepAsync();
        await desk.SweepAsync();

        var notes = await desk.App.Get<CertificateAttention>().ListAsync(9, Cancellation);
        Assert.Equal(
            [("nl/a.pdf", "a.pdf.json"), ("nl/b.pdf", "b.pdf.receipt.json")],
            notes.OrderBy(note => note.Subject).Select(note => (note.Subject, note.Values![0])));
        Assert.Contains(
            "'a.pdf.json': it is in the archive tier", notes.Single(note => note.Subject == "nl/a.pdf").Reason, StringComparison.Ordinal);
        Assert.Equal("b.pdf", Assert.Single(desk.AtSpringest).FileName);
    }

    /// <summary>What is wrong with the account is no matter of one file, and must be seen.</summary>
    [Fact]
    public async Task A_right_that_the_app_lacks_fails_the_sweep()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString });
        await desk.DropAsync("a.pdf");
        proxy.Exchange = async (request, send)
            => request.Method == HttpMethods.Get && request.Path.Value!.EndsWith("/a.pdf", StringComparison.Ordinal)
                ? Refusal(403, "AuthorizationPermissionMismatch") : await send();

        await Assert.ThrowsAsync<InvalidOperationException>(desk.SweepAsync);
    }

    [Fact]
    public async Task A_file_that_a_program_is_still_writing_has_time_to_get_its_name()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("jo.pdf.filepart");

        await desk.SweepAsync();

        Assert.True(await desk.IsInDropAsync("jo.pdf.filepart"));
        var row = await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation);
        Assert.Equal(Reason.StillBeingWritten, row.Code);
    }

    /// <summary>Tools that copy from a disk make such names.</summary>
    [Fact]
    public async Task A_slash_in_front_is_part_of_the_name()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.Drop.GetBlobClient("/nl/a.pdf").UploadAsync(new BinaryData(CertificateDesk.Pdf("a")), Cancellation);
        await desk.DropAsync("a.pdf");

        await desk.SweepAsync();

        Assert.Single(desk.AtSpringest);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
        Assert.Equal(["/nl/a.pdf", "/nl/a.pdf.rejection.json"], (await CertificateDesk.NamesAsync(desk.Rejected)).Take(2));
        Assert.Equal(
            Reason.UnknownSite,
            (await desk.Ledger.ListAsync(SubmissionState.Rejected, CertificateLedger.NoSite, Cancellation).SingleAsync(Cancellation)).Code);
    }

    [Theory]
    [InlineData("manifest.csv", "file;mail\n0.pdf;jo@example.test\n")]
    [InlineData("manifest.xlsx", "no workbook")]
    public async Task A_file_whose_list_was_refused_says_so(string name, string list)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(name, System.Text.Encoding.UTF8.GetBytes(list));
        await desk.DropAsync("0.pdf", metadata: []);
        await desk.SweepAsync();
        await desk.SweepAsync();
        var waits = await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation);
        Assert.Equal((Reason.WaitingForList, "nl/0.pdf"), (waits.Code, waits.Blob));

        await using var impatient = await desk.App.AnotherInstanceAsync(
            services: services => services.AddSingleton<TimeProvider>(new ShiftedClock { Shift = TimeSpan.FromHours(2) }));
        await impatient.FireAsync("SweepCertificates");

        Assert.Equal(Reason.ManifestRefused, (await desk.RejectionAsync("0.pdf"))?.Code);
    }

    private static async Task<string> EndAsync(CertificateDesk desk, Kind kind, IReadOnlyList<AttentionNote> notes)
    {
        var isThere = await desk.IsInDropAsync(kind.Name);
        var rows = await desk.Ledger.ReadAllAsync("nl", Cancellation).Where(row => row.Blob == $"nl/{kind.Name}").ToListAsync(Cancellation);
        var stuck = notes.Where(note => note.Code == Reason.StorageRefusesFile && note.Subject == $"nl/{kind.Name}")
            .Select(note => $"stuck {note.Values![1]}").SingleOrDefault();
        if (rows.Count == 0)
            return isThere ? Left : await desk.RejectionAsync(kind.Name) is null ? Gone : "rejected without a row";
        var row = Assert.Single(rows);
        var end = row.State switch
        {
            SubmissionState.Accepted => Accepted,
            SubmissionState.Rejected when (await desk.RejectionAsync(kind.Name))?.Code == row.Code => $"rejected {row.Code}",
            _ when stuck is not null => null,
            _ => $"{row.State} {row.Code}",
        };
        // Whatever stays there is on its way, or to be seen by somebody.
        Assert.True(!isThere || stuck is not null || row.State == SubmissionState.Waiting, kind.Name);
        return string.Join(", ", new[] { end, stuck }.OfType<string>());
    }

    private static async Task<HttpResponseMessage?> ExchangeAsync(
        string drop, HttpRequest request, Func<Task<HttpResponseMessage>> send)
    {
        var kind = Array.Find(
            s_kinds, kind => kind.Fault is not null && request.Path.Value!.EndsWith($"/nl/{kind.Name}", StringComparison.Ordinal));
        return kind?.Fault is { } fault && request.Method == fault.Method
            // A copy is a request for the target.
            && (request.Path.Value!.Contains($"/{drop}/", StringComparison.Ordinal) || fault.Method == HttpMethods.Put)
                ? Refusal(fault.Status, fault.Code, hasBody: fault.Method != HttpMethods.Head) : await send();
    }

    private static HttpResponseMessage Refusal(int status, string code, bool hasBody = true)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Headers = { { "x-ms-request-id", "1" } } };
        if (code.Length > 0)
            answer.Headers.Add("x-ms-error-code", code);
        if (!hasBody)
            return answer;
        answer.Content = new StringContent(
            $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message></Error>", new MediaTypeHeaderValue("application/xml"));
        return answer;
    }

    private static async Task AppendAsync(BlobContainerClient drop, string name, byte[] content, Dictionary<string, string> metadata)
    {
        var blob = drop.GetAppendBlobClient(name);
        await blob.CreateAsync(metadata: metadata);
        await blob.AppendBlockAsync(new MemoryStream(content));
    }

    private static async Task PageAsync(BlobContainerClient drop, string name, byte[] content, Dictionary<string, string> metadata)
        => await drop.GetPageBlobClient(name).CreateAsync(512, metadata: metadata);

    private sealed record Kind(string Name, string End)
    {
        public byte[]? Content { get; init; }

        public (string Name, string Value)? More { get; init; }

        public Func<BlobContainerClient, string, byte[], Dictionary<string, string>, Task>? Upload { get; init; }

        public Func<BlobClient, Task>? After { get; init; }

        public (string Method, int Status, string Code)? Fault { get; init; }

        public async Task UploadAsync(BlobContainerClient drop)
        {
            var metadata = CertificateDesk.Fields(email: CertificateDesk.EmailOf(Name));
            if (More is { } more)
                metadata[more.Name] = more.Value;
            var content = Content ?? CertificateDesk.Pdf(Name[..Math.Min(Name.Length, 20)]);
            if (Upload is not null)
                await Upload(drop, $"nl/{Name}", content, metadata);
            else
                await drop.GetBlobClient($"nl/{Name}").UploadAsync(
                    new BinaryData(content), new BlobUploadOptions { Metadata = metadata }, Cancellation);
            if (After is not null)
                await After(drop.GetBlobClient($"nl/{Name}"));
        }
    }
}
