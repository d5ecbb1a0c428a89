using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Catalogue;
using Springest.Testing.Certificates;
using static Springest.Functions.Tests.Privacy.ForgetTests;

namespace Springest.Functions.Tests.Privacy;

/// <summary>A person is found and forgotten in files: by their names, by what lies beside them, and in lists.</summary>
public sealed class ForgetFilesTests(AzuriteFixture azurite)
{
    private static readonly byte[] Sidecar = Encoding.UTF8.GetBytes(
        $$"""{"certification_id":3101,"email":"{{Email}}","valid_from":"2026-01-15"}""");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_is_named_is_removed_once_and_is_nothing_to_remove_after_that()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("a.pdf", "no pdf"u8.ToArray(), CertificateDesk.Fields(email: Email));
        await desk.SweepAsync();
        string[] named = [$"file:{desk.Rejected.Name}/nl/a.pdf"];

        var first = await AskAsync(desk, "forget", new { records = named });
        var second = await AskAsync(desk, "forget", new { records = named });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.Status, second.Status));
        Assert.Equal(1, first.Json.GetProperty("removed").GetProperty("file").GetInt32());
        Assert.Empty(second.Json.GetProperty("removed").EnumerateObject());
    }

    [Fact]
    public async Task What_storage_does_not_give_keeps_nobody_from_being_found_and_forgotten_and_is_told()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "map/manifest.csv", Encoding.UTF8.GetBytes($"file,certification_id,email,valid_from\nx.pdf,3101,{Other},2026-01-15\n"), []);
        await desk.App.DropAsync("map/x.pdf", CertificateDesk.Pdf("x"), []);
        await desk.DropAsync("a.pdf", metadata: CertificateDesk.Fields(email: Email));
        await desk.SweepAsync();
        await desk.SweepAsync();
        await desk.Accepted.GetBlobClient("nl/map/manifest.csv").SetAccessTierAsync(AccessTier.Archive, cancellationToken: Cancellation);

        var found = await AskAsync(desk, "find", new { email = Email });
        var forgotten = await AskAsync(desk, "forget", new { email = Email });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (found.Status, forgotten.Status));
        var unread = Assert.Single(
            found.Json.GetProperty("records").EnumerateArray(), record => !record.GetProperty("isCertain").GetBoolean());
        Assert.Equal($"file:{desk.Accepted.Name}/nl/map/manifest.csv", unread.GetProperty("record").GetString());
        Assert.All(
            [found.Json.GetProperty("notSearched"), forgotten.Json.GetProperty("remaining")],
            list => Assert.Contains(
                list.EnumerateArray(),
                rest => rest.GetProperty("what").GetString() == "files that storage does not give, such as archived ones: 1"));
        await desk.Accepted.GetBlobClient("nl/map/manifest.csv").SetAccessTierAsync(AccessTier.Hot, cancellationToken: Cancellation);
        Assert.Empty(await new StorageSearch(desk.App).FindExceptInAsync(Other, Email));
    }

    /// <summary>Nothing in it, nor its name, says whose it is: only the ledger knows, or a sidecar that nobody could read.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_version_that_a_refused_file_left_in_the_drop_is_removed_and_no_other(bool isSidecarUnreadable)
    {
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString });
        if (isSidecarUnreadable)
            await desk.App.DropAsync("scan.pdf.json", Unreadable, []);
        await desk.App.DropAsync("scan.pdf", "no pdf"u8.ToArray(), isSidecarUnreadable ? [] : CertificateDesk.Fields(email: Email));
        var own = (await desk.Drop.GetBlobClient("nl/scan.pdf").GetPropertiesAsync(cancellationToken: Cancellation)).Value.ETag;
        await desk.SweepAsync();
        var (list, removed) = (Versions(("1", "0x8D1"), ("2", own.ToString().Trim('"'))), new ConcurrentQueue<string>());
        // Azurite has no versions.
        proxy.Exchange = async (request, send) =>
        {
            if (request.Query["versionid"] is [{ } version])
                removed.Enqueue($"{request.Method} {version}");
            return request.Query.ContainsKey("versionid") ? new HttpResponseMessage(HttpStatusCode.Accepted)
                : request.Query["prefix"] == "nl/scan.pdf" && request.Path.Value!.EndsWith(desk.Drop.Name, StringComparison.Ordinal)
                    ? new HttpResponseMessage { Content = new StringContent(list, Encoding.UTF8, "application/xml") }
                : await send();
        };

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, "forget", new { email = Email })).Status);

        Assert.Equal(["DELETE 2"], removed);

        static string Versions(params (string Id, string ETag)[] versions)
            => $"""
                <?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>{string.Concat(versions.Select(version => $"""
                <Blob><Name>nl/scan.pdf</Name><VersionId>{version.Id}</VersionId><Properties><Etag>{version.ETag}</Etag>
                <Last-Modified>Mon, 05 Jan 2026 00:00:00 GMT</Last-Modified><Content-Length>5</Content-Length><BlobType>BlockBlob</BlobType>
                </Properties></Blob>
                """))}</Blobs><NextMarker /></EnumerationResults>
                """;
    }

    [Fact]
    public async Task A_version_that_storage_cannot_have_is_nothing_to_remove()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString }, mirrored: false);
        // Azurite has no versions.
        proxy.Exchange = async (request, send) => request.Query["versionid"] == "x"
            ? new HttpResponseMessage(HttpStatusCode.BadRequest) { Headers = { { "x-ms-error-code", "InvalidQueryParameterValue" } } }
            : await send();

        var answer = await AskAsync(desk, "forget", new { records = (string[])[$"version:x/{desk.Drop.Name}/nl/a.pdf"] });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Json.GetProperty("removed").EnumerateObject());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_lies_beside_a_rejected_file_is_removed_although_the_file_was_put_back_or_deleted(bool isPutBack)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "jo.pdf.json", Encoding.UTF8.GetBytes($$"""{"certification_id":3101,"email":"{{Email}}","valid_from":"2026-01-15"}"""), []);
        await desk.App.DropAsync("jo.pdf", "no pdf"u8.ToArray(), []);
        await desk.SweepAsync();
        if (isPutBack)
            await desk.PutBackAsync("jo.pdf");
        else
            await desk.Rejected.GetBlobClient("nl/jo.pdf").DeleteAsync(cancellationToken: Cancellation);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, "forget", new { email = Email })).Status);

        Assert.Empty(await new StorageSearch(desk.App).FindAsync(Email));
    }

    /// <summary>Neither the ledger nor a name says whose these files are: only a sidecar, or the report beside the file.</summary>
    [Fact]
    public async Task A_person_whom_only_a_refused_sidecar_or_a_report_names_is_found_and_forgotten()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync("alone.json", Sidecar, []);
        await desk.App.DropAsync("misnamed.pdf.JSON", Sidecar, []);
        await using (var impatient = await desk.App.AnotherInstanceAsync(new() { ["Springest:Certificates:ManifestWait"] = "00:00:00" }))
            await impatient.FireAsync("SweepCertificates");
        await desk.App.DropAsync("unread.pdf.json", Unreadable, []);
        await desk.App.DropAsync("unread.pdf", CertificateDesk.Pdf(Email), []);
        // Another person's, to which the first sidecar would belong by its name.
        await desk.App.DropAsync("alone", "no pdf"u8.ToArray(), CertificateDesk.Fields(email: Other));
        await desk.App.DropAsync(
            "map/manifest.csv", Encoding.UTF8.GetBytes($"file,certification_id,email,valid_from\nx.pdf,3101,{Email},2026-01-15\n"), []);
        await desk.App.DropAsync("map/x.pdf", "no pdf"u8.ToArray(), []);
        await desk.SweepAsync();
        await desk.SweepAsync();
        // As after the restore of a copy, which has nothing about refused files.
        var rows = desk.App.Storage.Table(CertificateStorage.Submissions);
        await foreach (var row in rows.QueryAsync<TableEntity>("Blob eq 'nl/map/x.pdf'", cancellationToken: Cancellation))
            await rows.DeleteEntityAsync(row, cancellationToken: Cancellation);
        var search = new StorageSearch(desk.App);
        Assert.Equal(
            ["alone.json", "map/x.pdf.rejection.json", "misnamed.pdf.JSON", "unread.pdf", "unread.pdf.json"],
            (await search.FindExceptInAsync(Other, Email))
                .Where(at => at.StartsWith(desk.Rejected.Name, StringComparison.Ordinal)
                    && !at.Contains("rejections.", StringComparison.Ordinal) && !at.Contains("manifest", StringComparison.Ordinal))
                .Select(at => at[(desk.Rejected.Name.Length + " nl/".Length)..]).Order(StringComparer.Ordinal));

        var found = await AskAsync(desk, "find", new { email = Email });
        var forgotten = await AskAsync(desk, "forget", new { email = Email });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (found.Status, forgotten.Status));
        Assert.Empty(await search.FindExceptInAsync(Other, Email));
        Assert.Equal(["nl/alone", "nl/alone.rejection.json"], await CertificateDesk.NamesAsync(desk.Rejected));
        Assert.Contains(
            found.Json.GetProperty("notSearched").EnumerateArray(),
            rest => rest.GetProperty("what").GetString()!.StartsWith("contents of PDFs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_persons_file_stays_beside_a_sidecar_that_names_somebody_who_is_forgotten()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var mentions = $$"""{"certification_id":3101,"email":"{{Other}}","valid_from":"2026-01-15","_note":"ask {{Email}}"}""";
        await desk.App.DropAsync("mentions.pdf.json", Encoding.UTF8.GetBytes(mentions), []);
        await desk.App.DropAsync("mentions.pdf", "no pdf"u8.ToArray(), []);
        await desk.App.DropAsync("left.pdf.json", Sidecar, []);
        await desk.App.DropAsync("left.pdf", "no pdf"u8.ToArray(), []);
        await desk.SweepAsync();
        // A person takes the file away and leaves what lies beside it; then another one of that name is rejected.
        var (left, sidecar) = (desk.Rejected.GetBlobClient("nl/left.pdf"), desk.Rejected.GetBlobClient("nl/left.pdf.json"));
        await left.DeleteAsync(cancellationToken: Cancellation);
        await desk.App.DropAsync("left.pdf", "no pdf either"u8.ToArray(), CertificateDesk.Fields(email: Other));
        await desk.SweepAsync();
        BlobProperties file = await left.GetPropertiesAsync(cancellationToken: Cancellation);
        // Times of blobs are in whole seconds.
        await Eventually.BeAsync(async () =>
        {
            var written = (await sidecar.GetPropertiesAsync(cancellationToken: Cancellation)).Value.LastModified;
            return written < (await left.SetMetadataAsync(file.Metadata, cancellationToken: Cancellation)).Value.LastModified;
        });
        var before = await CertificateDesk.NamesAsync(desk.Rejected);
        Assert.Contains("nl/left.pdf.json", before);

        var found = await AskAsync(desk, "find", new { email = Email });
        await AskAsync(desk, "forget", new { email = Email });

        Assert.Equal(before.Where(name => name != "nl/left.pdf.json"), await CertificateDesk.NamesAsync(desk.Rejected));
        Assert.False(found.Json.GetProperty("records").EnumerateArray()
            .Single(record => record.GetProperty("record").GetString()!.EndsWith("/nl/mentions.pdf.json", StringComparison.Ordinal))
            .GetProperty("isCertain").GetBoolean());
    }

    /// <summary>The sheets are made again without it, also if they were being written when it was forgotten.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rejected_file_that_is_forgotten_is_in_no_sheet_any_more(bool isBeingWritten)
    {
        var clock = new ShiftedClock();
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString },
            services: services => services.AddSingleton<TimeProvider>(clock));
        foreach (var name in (string[])["fr/jo-canary-jansen.pdf", "fr/of-somebody-else.pdf"])
            await desk.Drop.GetBlobClient(name).UploadAsync(new BinaryData(CertificateDesk.Pdf("x")), Cancellation);
        var isForgotten = !isBeingWritten;
        proxy.Exchange = async (request, send) =>
        {
            if (!isForgotten && request.Method == HttpMethods.Put
                && request.Path.Value!.EndsWith("/fr/rejections.csv", StringComparison.Ordinal))
            {
                isForgotten = true;
                await ForgetAsync();
            }

            return await send();
        };
        await desk.SweepAsync();
        var search = new StorageSearch(desk.App);
        if (!isBeingWritten)
        {
            var found = await search.FindAsync("jo-canary-jansen");
            Assert.All((string[])["csv", "xlsx"], sheet => Assert.Contains($"{desk.Rejected.Name} fr/rejections.{sheet}", found));
            await ForgetAsync();
        }

        Assert.Empty(await search.FindAsync("jo-canary-jansen"));

        clock.Shift = TimeSpan.FromMinutes(6);
        await desk.SweepAsync();
        var sheet = await desk.Rejected.GetBlobClient("fr/rejections.csv").DownloadContentAsync(Cancellation);
        Assert.Contains("of-somebody-else.pdf", sheet.Value.Content.ToString(), StringComparison.Ordinal);
        Assert.Empty(await search.FindAsync("jo-canary-jansen"));

        async Task ForgetAsync()
        {
            var row = await desk.Ledger.ListAsync(SubmissionState.Rejected, CertificateLedger.NoSite, Cancellation)
                .SingleAsync(row => row.Blob == "fr/jo-canary-jansen.pdf", Cancellation);
            var answer = await AskAsync(
                desk, "forget", new { records = (string[])[$"certificate:{CertificateLedger.NoSite}/{row.RowKey}"] });
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }
    }

    /// <summary>Spreadsheets escape some letters, and a text of which a part is bold consists of several.</summary>
    [Theory]
    [InlineData("<si><t>o&apos;neill@example.test</t></si>")]
    [InlineData("<si><t>o_x0027_neill@example.test</t></si>")]
    [InlineData("<si><r><t>o'neill</t></r><r><rPr><b/></rPr><t>@example.test</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>")]
    public async Task A_workbook_names_a_person_however_it_is_written(string text)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var book = SampleWorkbook.Of(["file", "certification_id", "email", "valid_from"], ["x.pdf", "3101", "?", "2026-01-15"]);
        book.Texts[6] = text;
        await desk.App.DropAsync("manifest.xlsx", book.ToBytes(), []);
        await desk.App.DropAsync("x.pdf", CertificateDesk.Pdf("x"), []);
        await desk.SweepAsync();
        await desk.SweepAsync();
        Assert.Equal("o'neill@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
        Assert.Contains("nl/manifest.xlsx", await CertificateDesk.NamesAsync(desk.Accepted));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, "forget", new { email = "o'neill@example.test" })).Status);

        Assert.Empty(await CertificateDesk.NamesAsync(desk.Accepted));
    }
}
