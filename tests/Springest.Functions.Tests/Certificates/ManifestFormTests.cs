using System.Text;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Manifests.Workbooks;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Certificates;

/// <summary>What a list may look like, and what is said of one that cannot be understood. Each has a folder of its own.</summary>
public sealed class ManifestFormTests(AzuriteFixture azurite)
{
    private const string Header = ManifestTests.Header;

    /// <summary>What a spreadsheet may save; each says that a.pdf is Jo's from 5 January 2026, and b.pdf Ann's.</summary>
    private static readonly (string Name, string Text)[] _shapes =
    [
        (
            "commas",
            "file,email,certification_id,valid_from\na.pdf,jo@example.test,3101,2026-01-05\n"
                + "b.pdf,an@example.test,3101,2026-01-05\n"
        ),
        (
            "semicolons, mark, CR LF",
            "\uFEFFfile;email;certification_id;valid_from\r\na.pdf;jo@example.test;3101;5-1-2026\r\n"
                + "b.pdf;an@example.test;3101;05-01-2026\r\n"
        ),
        (
            "no last break",
            "file,email,certification_id,valid_from\na.pdf,jo@example.test,3101,5.1.2026\nb.pdf,an@example.test,3101,2026-1-5"
        ),
        (
            "serial numbers, empty rows and columns",
            "File;Email;Certification_Id;Valid_From;;\n"
                + "a.pdf;jo@example.test;3101;46027;;\n;;;;;\n\nb.pdf;an@example.test;3101;2026-01-05 00:00:00;;\n"
        ),
        (
            "Dutch names",
            "Bestand;E-mailadres;Certificering;Geldig vanaf;Geldig tot;Boeking\na.pdf;jo@example.test;3101;5-1-2026;;\n"
                + "b.pdf;an@example.test;Projectleider niveau 1;5-1-2026;;\n"
        ),
        (
            "German names",
            "Datei;E-Mail;Zertifizierung;Gültig ab;Gültig bis;Buchung\na.pdf;jo@example.test;3101;5.1.2026;;\n"
                + "b.pdf;an@example.test;3101;5.1.2026;;\n"
        ),
        (
            "what nobody sees",
            "\u200Bfile,email\u00AD,certification_id,valid_from\na.pdf\u200B,\uFEFFjo@example.test\u200B,3101,2026-01-05\u2060\n"
                + "\u200Eb.pdf,an@example.test\u00A0,3101,2026-01-05\n"
        ),
        (
            "an end as DOS marks it",
            "file,email,certification_id,valid_from\na.pdf,jo@example.test,3101,2026-01-05\n"
                + "b.pdf,an@example.test,3101,2026-01-05\n\u001A"
        ),
        (
            "its own delimiter said first",
            "sep=;\r\nfile;email;certification;valid_from\r\na.pdf;jo@example.test;Projectleider niveau "
                + "1;5-1-2026\r\nb.pdf;an@example.test;Projectleider niveau 1;5-1-2026\r\n"
        ),
        (
            "empty rows first",
            "\r\n;;;\r\n\r\nfile;email;certification_id;valid_from\r\na.pdf;jo@example.test;3101;5-1-2026\r\n"
                + "b.pdf;an@example.test;3101;5-1-2026\r\n"
        ),
        (
            "tabs",
            "file\temail\tcertification\tvalid_from\na.pdf\tjo@example.test\tProjectleider niveau 1\t2026-01-05\n"
                + "b.pdf\tan@example.test\tProjectleider niveau 1\t2026/01/05\n"
        ),
        (
            "invisible characters and other hyphens and blanks in the names of columns",
            "fi\u00ADle;e\u2010mail;certification;valid\u00A0from\na.pdf;jo@example.test;Projectleider niveau 1;2026-01-05\n"
                + "b.pdf;an@example.test;Projectleider niveau 1;2026-01-05\n"
        ),
        (
            "quotes and line breaks",
            "\"file\",\"email\",\"certification\",\"valid_from\"\n\"a.pdf\",\"jo@example.test\n\",Projectleider niveau "
                + "1,\"2026-01-05\"\n\"b.pdf\",\" an@example.test \",\"Projectleider niveau 1\",2026/01/05\n"
        ),
    ];

    /// <summary>Lists that cannot be understood as a whole, the code and the line.</summary>
    private static readonly (byte[] Content, string Code, int Line)[] _broken =
    [
        (Utf8("name,email\na.pdf,jo@example.test\n"), Reason.ManifestHeaderInvalid, 1),
        (Utf8("file,email,valid_untill\na.pdf,jo@example.test,2026-01-01\n"), Reason.ManifestHeaderInvalid, 1),
        (Utf8("file,email,file\na.pdf,jo@example.test,a.pdf\n"), Reason.ManifestColumnTwice, 1),
        (Utf8("a.pdf;jo@example.test\n"), Reason.ManifestHeaderInvalid, 1),
        (Utf8("\n;;\n\nfile;mail\n"), Reason.ManifestHeaderInvalid, 4),
        (Utf8("sep=;\nfile,email\n"), Reason.ManifestHeaderInvalid, 2),
        (Utf8(";;\n\n"), Reason.ManifestColumnMissing, 1),
        (Utf8("email;valid_from\njo@example.test;2026-01-05\n"), Reason.ManifestColumnMissing, 1),
        (Utf8("file;email;E-Mail\na.pdf;jo@example.test;an@example.test\n"), Reason.ManifestColumnTwice, 1),
        (Utf8("file;;email\na.pdf;x;jo@example.test\n"), Reason.ManifestColumnUnnamed, 1),
        (Utf8(Header), Reason.ManifestNamesNoFile, 1),
        (Utf8(Header + "\n,,,,,\n"), Reason.ManifestNamesNoFile, 1),
        (
            Utf8(
                Header
                    + "a.pdf,3101,jo@example.test,2026-01-05\n"
                    + "b.pdf,3101,\"an@example.test,2026-01-05\nc.pdf,3101,x@example.test,2026-01-05\n"),
            Reason.ManifestQuoteOpen,
            3
        ),
        (
            [.. Utf8(Header + "a.pdf,3101,jo@example.test,2026-01-05\nm"), 0x81, .. "ller.pdf,3101,an@example.test,2026-01-05\n"u8],
            Reason.ManifestNotUtf8,
            3
        ),
        ([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Header)], Reason.ManifestNotUtf8, 1),
        (
            Utf8("file\n" + string.Concat(Enumerable.Range(0, ManifestParser.MaxLines + 1).Select(i => $"{i}.pdf\n"))),
            Reason.ManifestTooLarge,
            ManifestParser.MaxLines + 2
        ),
        ([.. Utf8(Header), .. new byte[ManifestParser.MaxSize]], Reason.ManifestTooLarge, 1),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Names in bytes that are no UTF-8, and what they are read as; null where nobody can tell.</summary>
    public static TheoryData<string, int, string?> Encodings
        => new()
        {
            { "Jäger.pdf", 1252, "Jäger.pdf" },
            { "Müller.pdf", 1252, "Müller.pdf" },
            { "Zoë Faßbender.pdf", 1252, "Zoë Faßbender.pdf" },
            { "René d’Hont.pdf", 1252, "René d’Hont.pdf" },
            { "Coördinatie Skåne Peña Françoise.pdf", 1252, "Coördinatie Skåne Peña Françoise.pdf" },
            { "ÉÉN MÜLLER.pdf", 1252, "ÉÉN MÜLLER.pdf" },
            { "Müller.pdf", 850, null },
            { "René.pdf", 850, null },
            { "Jäger.pdf", 850, null },
            { "Müller.pdf", 10000, null },
            { "Köln.pdf", 10000, null },
            { "René.pdf", 10000, null },
            { "Özil.pdf", 1252, null },
            { "Łukasz.pdf", 1250, null },
            { "Иван.pdf", 1251, null },
            { "naam «x».pdf", 1252, null },
            { "prijs € 5.pdf", 1252, null },
        };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_list_without_UTF8_is_read_where_its_bytes_are_words_in_one_encoding_only(string name, int page, string? read)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(page)!;
        var list = new ManifestParser(Options.Create(new CertificatesOptions())).Parse(
            "id", Manifest.Csv, encoding.GetBytes($"{Header}{name},3101,jo@example.test,2026-01-05,,\n"));

        Assert.Equal(read, list.Lines.SingleOrDefault()?.File);
        Assert.Equal(read is null ? Reason.ManifestNotUtf8 : null, list.Problems.SingleOrDefault()?.Code);
    }

    [Fact]
    public async Task A_list_says_what_each_file_is_for_however_it_was_saved()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        foreach (var (number, shape) in _shapes.Index())
        {
            // People of its own, or the same certificates would be sent once only.
            var text = shape.Text.Replace("@example", $"@example{number}", StringComparison.Ordinal);
            await desk.App.DropAsync($"{number}/manifest.csv", Utf8(text));
            await desk.DropAsync($"{number}/a.pdf", metadata: []);
            await desk.DropAsync($"{number}/b.pdf", metadata: []);
        }

        await SweepAsync(desk);

        var wrong = new List<string>();
        foreach (var (number, shape) in _shapes.Index())
        {
            var lines = (await desk.ReceiptAsync($"{number}/manifest.csv"))?.Lines ?? [];
            var said = string.Join(", ", lines.Select(line => $"{line.File} {line.State} {line.CertificateId}"));
            var (jo, ann) = (Find($"jo@example{number}.test"), Find($"an@example{number}.test"));
            if (jo is null || ann is null || said != $"a.pdf accepted {jo}, b.pdf accepted {ann}")
                wrong.Add($"{shape.Name}: {said}; Jo's is {jo}, Ann's {ann}");
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
        Assert.Equal(2 * _shapes.Length, desk.AtSpringest.Count);
        Assert.All(
            desk.AtSpringest,
            posted => Assert.Equal(("3101", "2026-01-05"), (posted.Fields["certification_id"], posted.Fields["valid_from"])));
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
        Assert.Equal(
            [(("nl", SubmissionState.Accepted), 2 * _shapes.Length)],
            (await desk.Ledger.CountAsync(Cancellation)).Select(count => (count.Key, count.Value)));

        long? Find(string email) => desk.AtSpringest.SingleOrDefault(posted => posted.Fields["email"] == email)?.Id;
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_comes_back_with_the_line()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var before = desk.App.Simulator.Requests.Count;
        foreach (var (number, list) in _broken.Index())
            await desk.App.DropAsync($"{number}/manifest.csv", list.Content);

        await SweepAsync(desk);

        var wrong = new List<string>();
        foreach (var (number, list) in _broken.Index())
        {
            var problems = (await desk.RejectionAsync($"{number}/manifest.csv"))?.Problems ?? [];
            var said = string.Join('\n', problems.Select(problem => $"{problem.Code} {problem.Line} {problem.Message}"));
            if (problems.Count != 1
                || !said.StartsWith($"{list.Code} {list.Line} manifest.csv, line {list.Line}: ", StringComparison.Ordinal))
                wrong.Add($"{list.Code} in line {list.Line} of list {number}: {said}");
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
        Assert.Equal(before, desk.App.Simulator.Requests.Count);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    [Fact]
    public async Task A_line_that_can_name_no_file_of_its_folder_is_told_at_once()
    {
        string[] files = ["other/a.pdf", "../be/a.pdf", "C:\\certificates\\a.pdf", "a", "a.", ""];
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Certificates:ManifestWait"] = "01:00:00" });
        foreach (var (number, file) in files.Index())
            await desk.App.DropAsync($"{number}/manifest.csv", Utf8($"{Header}{file},3101,jo@example.test,2026-01-05,,\n"));

        await SweepAsync(desk);

        foreach (var (number, file) in files.Index())
        {
            var lines = (await desk.RejectionAsync($"{number}/manifest.csv"))?.Lines ?? [];
            var said = string.Join(", ", lines.Select(line => $"{line.Line} {line.Code}"));
            Assert.Equal((file, $"2 {Reason.ManifestFileInvalid}"), (file, said));
        }

        Assert.Empty(desk.Posts);
    }

    [Fact]
    public async Task A_list_of_another_name_is_told_its_name()
    {
        string[] names =
            ["Manifest.csv", "certificates.CSV", "Manifest.xlsx", "deelnemers.xlsx", "Manifest.ods", "manifest.txt"];
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        foreach (var (number, name) in names.Index())
            await desk.App.DropAsync($"{number}/{name}", Utf8(Header + "a.pdf,3101,jo@example.test,2026-01-05,,\n"));

        await SweepAsync(desk);

        foreach (var (number, name) in names.Index())
            Assert.Equal((name, Reason.ManifestMisnamed), (name, (await desk.RejectionAsync($"{number}/{name}"))?.Code));
    }

    [Theory]
    [InlineData("2026-01-05", "Refuse", "2026-01-05")]
    [InlineData("5-1-2026", "Refuse", "2026-01-05")]
    [InlineData("05.01.2026", "MonthFirst", "2026-01-05")]
    [InlineData("05/01/2026", "Refuse", null)]
    [InlineData("05/01/2026", "DayFirst", "2026-01-05")]
    [InlineData("05/01/2026", "MonthFirst", "2026-05-01")]
    [InlineData("05/05/2026", "Refuse", "2026-05-05")]
    [InlineData("15/01/2026", "MonthFirst", "2026-01-15")]
    [InlineData("1/15/2026", "DayFirst", "2026-01-15")]
    [InlineData("46027", "Refuse", "2026-01-05")]
    [InlineData("20260", "Refuse", "20260")]
    [InlineData("20260105", "Refuse", "20260105")]
    [InlineData("5-1-2026 0:00", "Refuse", "2026-01-05")]
    [InlineData("5-1-2026 13:00", "Refuse", "5-1-2026 13:00")]
    [InlineData("31-2-2026", "Refuse", "31-2-2026")]
    [InlineData("13/13/2026", "Refuse", "13/13/2026")]
    [InlineData("5-1/2026", "Refuse", "5-1/2026")]
    [InlineData("5-1-26", "Refuse", "5-1-26")]
    public void A_spreadsheet_s_date_is_read_where_it_is_one_day_only(string text, string slashes, string? date)
        => Assert.Equal(date, SpreadsheetDate.Read(text, Enum.Parse<SlashDates>(slashes), Epoch.Of1900));

    // On a busy machine the budget of one sweep is not enough.
    private static async Task SweepAsync(CertificateDesk desk)
    {
        for (var times = 0; times < 5 && await CertificateDesk.NamesAsync(desk.Drop) is not []; times++)
            await desk.SweepAsync();
    }

    private static byte[] Utf8(string text) => ManifestTests.Utf8(text);
}
