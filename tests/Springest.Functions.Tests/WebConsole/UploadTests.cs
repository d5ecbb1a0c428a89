using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Springest.Functions.Access;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Uploads;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.WebConsole;

/// <summary>The addresses that take files: what they refuse, and what they leave behind.</summary>
public sealed class UploadTests(AzuriteFixture azurite)
{
    private const string Name = "3101_jo@example.test_2026-03-01.pdf";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("folder/other/3101_jo@example.test_2026-03-01.pdf", "nl/b-1/3101_jo@example.test_2026-03-01.pdf")]
    [InlineData("C:\\fake\\3101_jo@example.test_2026-03-01.pdf", "nl/b-1/3101_jo@example.test_2026-03-01.pdf")]
    [InlineData("../../3101_jo@example.test_2026-03-01.pdf", "nl/b-1/3101_jo@example.test_2026-03-01.pdf")]
    [InlineData("..a\nb\u202E?#.pdf", "nl/b-1/a_b___.pdf")]
    [InlineData("e\u0301.pdf", "nl/b-1/\u00E9.pdf")]
    public async Task Name_and_folder_are_made_by_the_app(string given, string kept)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        Assert.Equal(HttpStatusCode.Created, await PutAsync(desk, given, SamplePdf.Create("x")));

        var blob = await desk.Drop.GetBlobsAsync(cancellationToken: Cancellation).SingleAsync(Cancellation);
        Assert.Equal(kept, blob.Name);
    }

    [Theory]
    [InlineData("a.exe", "b-1", "1/1", HttpStatusCode.BadRequest)]
    [InlineData("a.pdf.json", "b-1", "1/1", HttpStatusCode.BadRequest)]
    [InlineData("a.receipt.json", "b-1", "1/1", HttpStatusCode.BadRequest)]
    [InlineData("", "b-1", "1/1", HttpStatusCode.BadRequest)]
    [InlineData("a.pdf", "../b", "1/1", HttpStatusCode.BadRequest)]
    [InlineData("a.pdf", "b/c", "1/1", HttpStatusCode.BadRequest)]
    [InlineData("a.pdf", "", "1/1", HttpStatusCode.BadRequest)]
    [InlineData("a.pdf", "b", "0/1", HttpStatusCode.BadRequest)]
    [InlineData("a.pdf", "b", "2/1", HttpStatusCode.BadRequest)]
    [InlineData("a.pdf", "b", "1/100000", HttpStatusCode.BadRequest)]
    [InlineData("a.pdf", "b", "11/12", HttpStatusCode.RequestEntityTooLarge)]
    public async Task What_is_wrong_is_refused_and_leaves_nothing(string name, string batch, string part, HttpStatusCode status)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        Assert.Equal(status, await PutAsync(desk, name, [1, 2, 3], batch, part));
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge, await PutAsync(desk, "a.pdf", new byte[UploadStore.PartSize + 1], part: "1/2"));

        Assert.Empty(await desk.Drop.GetBlobsAsync(cancellationToken: Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task File_that_is_there_is_not_written_over_and_one_without_all_parts_is_none()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        Assert.Equal(HttpStatusCode.Created, await PutAsync(desk, Name, [1]));
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(desk, Name, [2]));
        Assert.Equal(HttpStatusCode.Accepted, await PutAsync(desk, "b.pdf", [1], part: "1/3"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PutAsync(desk, "b.pdf", [3], part: "3/3"));

        var content = await desk.Drop.GetBlobClient($"nl/b-1/{Name}").DownloadContentAsync(Cancellation);
        Assert.Equal([1], content.Value.Content.ToArray());
        Assert.Single(await desk.Drop.GetBlobsAsync(cancellationToken: Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Two_files_whose_names_become_the_same_are_never_mixed()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        Assert.Equal(HttpStatusCode.Accepted, await PutAsync(desk, "cert #1.pdf", [1], part: "1/2"));
        Assert.Equal(HttpStatusCode.Accepted, await PutAsync(desk, "cert %1.pdf", [3], part: "1/2"));
        Assert.Equal(HttpStatusCode.Created, await PutAsync(desk, "cert #1.pdf", [2], part: "2/2"));
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(desk, "cert %1.pdf", [4], part: "2/2"));

        var blob = await desk.Drop.GetBlobsAsync(cancellationToken: Cancellation).SingleAsync(Cancellation);
        var content = await desk.Drop.GetBlobClient(blob.Name).DownloadContentAsync(Cancellation);
        Assert.Equal([1, 2], content.Value.Content.ToArray());
    }

    [Fact]
    public async Task Two_files_whose_names_become_the_same_are_named_before_they_are_sent()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        string[] names = ["3101_jo@example.test_2026-03-01 #1.pdf", "3101_jo@example.test_2026-03-01 %1.pdf", Name];

        var files = await CheckAsync(desk, names);

        Assert.Equal(
            [("name_clash", names[1]), ("name_clash", names[0]), (null, null)],
            files.Select(file => file.GetProperty("problems").EnumerateArray().ToList())
                .Select(problems => problems.Count == 0 ? (null, null)
                    : (problems[^1].GetProperty("code").GetString(), problems[^1].GetProperty("values")[0].GetString())));
    }

    [Fact]
    public async Task Page_of_another_site_is_refused()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        using var request = Request(Name, [1], "b-1", "1/1");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        using var answer = await desk.App.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Fifth_upload_at_once_is_told_to_come_again()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var store = desk.App.Get<UploadStore>();
        for (var i = 0; i < 4; i++)
            Assert.True(store.TryEnter());
        using var request = Request(Name, [1], "b-1", "1/1");

        using (var answer = await desk.App.Http.SendAsync(request, Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
        }

        store.Leave();
        Assert.Equal(HttpStatusCode.Created, await PutAsync(desk, Name, [1]));
    }

    [Fact]
    public async Task Check_says_what_would_be_wrong_and_uploads_nothing()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        var files = await CheckAsync(desk, Name, "said nothing.pdf", "3102_jo@example.test_2026-03-01.pdf", "x.docx");

        Assert.Equal([0, 1, 1, 2], files.Select(file => file.GetProperty("problems").GetArrayLength()));
        Assert.Equal("jo@example.test", files[0].GetProperty("fields").GetProperty("email").GetString());
        Assert.Empty(await desk.Drop.GetBlobsAsync(cancellationToken: Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Check_of_what_is_no_list_of_names_is_refused_with_what_would_be_right()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, mirrored: false);
        string[] bodies =
        [
            "", "null", "[]", "{}", """{"files":null}""", """{"files":"a.pdf"}""", """{"files":[null]}""",
            """{"files":["a.pdf",null]}""", """{"files":[1]}""", """{"files":["\ud800.pdf"]}""",
            """{"list":"no Base64!","files":["a.pdf"]}""", """{"list":["UEs="],"files":[]}""",
        ];
        foreach (var body in bodies)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "manage/certificates/nl/check")
            {
                Headers = { { AccessKey.Header, TestApp.OperatorKey } },
                Content = new StringContent(body),
            };
            using var answer = await desk.App.Http.SendAsync(request, Cancellation);
            Assert.Equal((body, HttpStatusCode.BadRequest), (body, answer.StatusCode));
            Assert.Contains("such as", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    /// <summary>Its columns are understood as they are named, and only the rows are missing.</summary>
    [Theory]
    [InlineData("xlsx", "en")]
    [InlineData("xlsx", "nl")]
    [InlineData("csv", "nl")]
    [InlineData("csv", "de")]
    public async Task List_to_fill_in_is_one_that_the_app_reads(string format, string language)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        var address = $"certificates/nl/list/template?format={format}&language={language}";
        var list = await desk.App.Http.GetByteArrayAsync(address, Cancellation);

        var read = new ManifestParser(Options.Create(new CertificatesOptions())).Parse("x", $"manifest.{format}", list);
        Assert.Equal(Reason.ManifestNamesNoFile, Assert.Single(read.Problems).Code);
        if (format == "xlsx")
            Assert.Contains("Projectleider niveau 1", await SecondSheetAsync(list), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nl/list/template?format=ods", HttpStatusCode.BadRequest)]
    [InlineData("nl/list/template?language=fr", HttpStatusCode.BadRequest)]
    [InlineData("xx/list/template", HttpStatusCode.NotFound)]
    public async Task List_that_there_is_not_is_refused(string address, HttpStatusCode status)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        using var answer = await desk.App.Http.GetAsync($"certificates/{address}", Cancellation);

        Assert.Equal(status, answer.StatusCode);
    }

    private static async Task<string> SecondSheetAsync(byte[] workbook)
    {
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(workbook));
        using var sheet = new StreamReader(await zip.GetEntry("xl/worksheets/sheet2.xml")!.OpenAsync(Cancellation));
        return await sheet.ReadToEndAsync(Cancellation);
    }

    private static async Task<List<JsonElement>> CheckAsync(CertificateDesk desk, params string[] files)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "manage/certificates/nl/check")
        {
            Headers = { { AccessKey.Header, TestApp.OperatorKey } },
            Content = JsonContent.Create(new { files }),
        };
        using var answer = await desk.App.Http.SendAsync(request, Cancellation);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("files").EnumerateArray()];
    }

    private static async Task<HttpStatusCode> PutAsync(
        CertificateDesk desk, string name, byte[] content, string batch = "b-1", string part = "1/1")
    {
        using var request = Request(name, content, batch, part);
        using var answer = await desk.App.Http.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    private static HttpRequestMessage Request(string name, byte[] content, string batch, string part)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "manage/certificates/nl/files") { Content = new ByteArrayContent(content) };
        request.Headers.Add(AccessKey.Header, TestApp.OperatorKey);
        request.Headers.Add("x-file", Uri.EscapeDataString(name));
        request.Headers.Add("x-batch", batch);
        request.Headers.Add("x-part", part);
        return request;
    }
}
