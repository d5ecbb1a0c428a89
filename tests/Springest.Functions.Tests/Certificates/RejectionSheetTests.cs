using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Manifests.Workbooks;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Rejections;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Privacy;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Certificates;

/// <summary>The lists of what was rejected, for people who do not read JSON.</summary>
public sealed class RejectionSheetTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_folder_has_its_list_and_the_list_follows_the_files()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Sites:nl:Language"] = "nl" });
        await desk.DropAsync("a.pdf", metadata: CertificateDesk.Fields(email: "nobody"));
        await desk.DropAsync("class/b.pdf", metadata: CertificateDesk.Fields(certification: "3102", from: "2026-02-30"));
        await desk.DropAsync("class/c.pdf", metadata: CertificateDesk.Fields(email: "an@example.test", certification: "x"));
        await desk.DropAsync("class/deep/d.pdf");
        await desk.SweepAsync();

        var list = await CsvAsync(desk, "class/");
        Assert.Equal(["Bestand", "Reden", "E-mailadres"], list[0][..3]);
        Assert.Equal(["b.pdf", "c.pdf"], list.Skip(1).Select(row => row[0]).Order());
        var row = list.Single(row => row[0] == "b.pdf");
        Assert.Equal(
            "De eerste dag van geldigheid (geldig vanaf) is '2026-02-30', en dat is geen datum. Schrijf jaar-maand-dag, "
                + "bijvoorbeeld 2026-01-15. Certificering 3102 heeft een laatste dag van geldigheid nodig (geldig tot). "
                + "Vul die in, bijvoorbeeld 2029-01-15.",
            row[1]);
        Assert.Equal((CertificateDesk.Email, "3102", "2026-02-30"), (row[2], row[3], row[4]));
        Assert.Equal(
            list.Select(cells => string.Join('|', cells)), (await WorkbookAsync(desk, "class/")).Select(cells => string.Join('|', cells)));
        Assert.Equal(["Bestand", "a.pdf"], (await CsvAsync(desk, "")).Select(row => row[0]));
        Assert.False(await desk.Rejected.GetBlobClient("nl/class/deep/rejections.csv").ExistsAsync(Cancellation));

        // One is put back, and accepted this time; the other is deleted, by people.
        await desk.PutBackAsync("class/c.pdf");
        await desk.Rejected.GetBlobClient("nl/a.pdf").DeleteAsync(cancellationToken: Cancellation);
        await using var later = await desk.App.AnotherInstanceAsync(
            services: services => services.AddSingleton<TimeProvider>(new ShiftedClock { Shift = TimeSpan.FromMinutes(6) }));
        await later.Get<RejectionSheets>().UpdateAsync(CancellationToken.None, Cancellation);

        Assert.Equal(["Bestand", "b.pdf"], (await CsvAsync(desk, "class/")).Select(row => row[0]));
        Assert.Equal(["Bestand", "b.pdf"], (await WorkbookAsync(desk, "class/")).Select(row => row[0]));
        Assert.False(await desk.Rejected.GetBlobClient("nl/rejections.csv").ExistsAsync(Cancellation));
        Assert.False(await desk.Rejected.GetBlobClient("nl/rejections.xlsx").ExistsAsync(Cancellation));
    }

    /// <summary>Copied back while the first try was still there, so that the second has a suffix.</summary>
    [Fact]
    public async Task A_file_is_listed_put_back_and_found_by_the_name_that_it_has()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        const string name = "3999_jo@example.test_2026-01-15.pdf";
        for (var i = 0; i < 2; i++)
        {
            await desk.DropAsync(name, metadata: []);
            await desk.App.TriggerAsync(name);
        }

        await desk.SweepAsync();
        var names = await CertificateDesk.NamesAsync(desk.Rejected);
        var marked = BlobNames.FileOf(names.Single(each => each.Contains('~') && each.EndsWith(".pdf", StringComparison.Ordinal)));
        Assert.Equal([name, marked], (await CsvAsync(desk, "")).Skip(1).Select(row => row[0]).Order(StringComparer.Ordinal));
        var found = await ForgetTests.AskAsync(desk, "find", new { email = "jo@example.test" });
        Assert.Contains(
            found.Json.GetProperty("records").EnumerateArray(),
            record => record.GetProperty("record").GetString() == $"file:{desk.Rejected.Name}/nl/{marked}"
                && record.GetProperty("isCertain").GetBoolean());

        desk.App.Simulator.Catalogue.Certifications.Put(
            new JsonObject { ["id"] = 3999, ["name"] = "Heftruck", ["requires_valid_until"] = false });
        await desk.MirrorAgainAsync();
        await desk.PutBackAsync(marked);
        await desk.SweepAsync();

        Assert.Equal("jo@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
        Assert.Empty(await desk.App.Get<CertificateAttention>().ListAsync(10, Cancellation));
    }

    [Fact]
    public async Task What_is_right_is_not_written_again_and_a_new_language_is()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("a.pdf", metadata: CertificateDesk.Fields(email: "nobody"));
        await desk.SweepAsync();
        var before = await VersionAsync(desk);

        await using var other = await desk.App.AnotherInstanceAsync();
        await other.FireAsync("SweepCertificates");
        Assert.Equal(before, await VersionAsync(desk));

        await using var german = await desk.App.AnotherInstanceAsync(new() { ["Springest:Sites:nl:Language"] = "de" });
        await german.FireAsync("SweepCertificates");
        Assert.NotEqual(before, await VersionAsync(desk));
        Assert.StartsWith("'nobody' ist keine E-Mail-Adresse.", (await CsvAsync(desk, ""))[1][1], StringComparison.Ordinal);
    }

    /// <summary>A spreadsheet takes a text for a formula by its first character, and so starts programs.</summary>
    [Theory]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("+1+1")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r\n=1")]
    [InlineData("＝1")]
    [InlineData("\"=1\",\"")]
    [InlineData(";=1;\n;")]
    public async Task No_text_becomes_a_formula(string text)
    {
        var report = new CertificateReport
        {
            State = "rejected", Code = "x", Message = text, File = $"nl/{text}", Email = text, CertificationId = text, ValidFrom = text,
            ValidUntil = text, BookingId = text,
        };
        foreach (var language in Sentences.Languages)
        {
            var wording = Sentences.In(language, TimeZoneInfo.Utc);

            var csv = Encoding.UTF8.GetString(RejectionSheet.ToCsv([report], wording));
            Assert.Equal('\uFEFF', csv[0]);
            var cells = ManifestText.Read(Encoding.UTF8.GetBytes(csv)).Rows.Last().Cells;
            Assert.Equal(9, cells.Count);
            Assert.All(cells, cell => Assert.False(cell.Text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '＝', ..], cell.Text));

            var book = await RejectionSheet.ToWorkbookAsync([report], wording, Cancellation);
            using var zip = new ZipArchive(new MemoryStream(book));
            Assert.All(
                zip.Entries.Where(entry => entry.FullName.Contains("worksheets", StringComparison.Ordinal)),
                entry => Assert.DoesNotContain("<f>", new StreamReader(entry.Open()).ReadToEnd(), StringComparison.Ordinal));
            using var reader = new WorkbookReader(book);
            Assert.Contains(text.Trim().ReplaceLineEndings(" "), reader.ReadRows().Last().Cells[2].Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\0\u0001\uFFFE")]
    [InlineData("\uD800 half")]
    [InlineData("🎓👩‍🎓 whole")]
    [InlineData("<&>]]>_x0041_")]
    public async Task A_workbook_holds_any_text(string text)
    {
        var report = new CertificateReport { State = "rejected", File = "nl/a.pdf", Email = text, Message = new string('x', 40_000) };

        var book = await RejectionSheet.ToWorkbookAsync([report], Sentences.In("nl", TimeZoneInfo.Utc), Cancellation);

        using var reader = new WorkbookReader(book);
        Assert.Equal(2, reader.ReadRows().Count());
    }

    /// <summary>A file of somebody that is called as the list is keeps its content under another name.</summary>
    [Fact]
    public async Task A_list_never_takes_the_place_of_a_file()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync("rejections.csv", "mine"u8.ToArray());

        await desk.SweepAsync();

        var names = await CertificateDesk.NamesAsync(desk.Rejected);
        Assert.True(await desk.Rejected.GetBlobClient("nl/rejections.csv").ExistsAsync(Cancellation));
        var mine = Assert.Single(names, name => name.EndsWith(".csv", StringComparison.Ordinal));
        Assert.Equal("mine", (await desk.Rejected.GetBlobClient(mine).DownloadContentAsync(Cancellation)).Value.Content.ToString());
    }

    [Fact]
    public async Task A_list_that_somebody_holds_open_does_not_stop_the_sweep()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("a.pdf", metadata: CertificateDesk.Fields(email: "nobody"));
        await desk.SweepAsync();
        var lease = desk.Rejected.GetBlobClient("nl/rejections.csv").GetBlobLeaseClient();
        await lease.AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, cancellationToken: Cancellation);
        await desk.DropAsync("b.pdf", metadata: CertificateDesk.Fields(email: "nobody"));

        await desk.SweepAsync();
        Assert.Equal(2, (await CsvAsync(desk, "")).Count);

        await lease.ReleaseAsync(cancellationToken: Cancellation);
        await using var later = await desk.App.AnotherInstanceAsync();
        await later.FireAsync("SweepCertificates");
        Assert.Equal(3, (await CsvAsync(desk, "")).Count);
    }

    private static async Task<List<string[]>> CsvAsync(CertificateDesk desk, string folder)
    {
        var content = await desk.Rejected.GetBlobClient($"nl/{folder}rejections.csv").DownloadContentAsync(Cancellation);
        return [.. ManifestText.Read(content.Value.Content.ToArray()).Rows.Select(row => row.Cells.Select(cell => cell.Text).ToArray())];
    }

    private static async Task<List<string[]>> WorkbookAsync(CertificateDesk desk, string folder)
    {
        var content = await desk.Rejected.GetBlobClient($"nl/{folder}rejections.xlsx").DownloadContentAsync(Cancellation);
        using var reader = new WorkbookReader(content.Value.Content.ToArray());
        return [.. reader.ReadRows().Select(row => row.Cells.Select(cell => cell.Text).ToArray())];
    }

    private static async Task<string> VersionAsync(CertificateDesk desk)
        => $"{(await desk.Rejected.GetBlobClient("nl/rejections.csv").GetPropertiesAsync(cancellationToken: Cancellation)).Value.ETag}";
}
