using System.Text;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Manifests.Workbooks;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>Bulk work: a folder of files and one list that says what each is for.</summary>
public sealed class ManifestTests(AzuriteFixture azurite)
{
    private const string Header = "file,certification_id,email,valid_from,valid_until,booking_id\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What a spreadsheet may save; each says that a.pdf is Jo's from 5 January 2026, and b.pdf Ann's.</summary>
    public static TheoryData<string, byte[]> Shapes
        => new()
        {
            {
                "commas",
                Utf8(
                    "file,email,certification_id,valid_from\na.pdf,jo@example.test,3101,2026-01-05\n"
                        + "b.pdf,an@example.test,3101,2026-01-05\n")
            },
            {
                "semicolons, mark, CR LF",
                [
                    .. "\uFEFF"u8,
                    .. Utf8(
                        "file;email;certification_id;valid_from\r\na.pdf;jo@example.test;3101;5-1-2026\r\n"
                            + "b.pdf;an@example.test;3101;05-01-2026\r\n"),
                ]
            },
            {
                "no last break",
                Utf8("file,email,certification_id,valid_from\na.pdf,jo@example.test,3101,5.1.2026\nb.pdf,an@example.test,3101,2026-1-5")
            },
            {
                "serial numbers, empty rows and columns",
                Utf8(
                    "File;E-Mail;;\n".Replace("E-Mail", "Email;Certification_Id;Valid_From", StringComparison.Ordinal)
                        + "a.pdf;jo@example.test;3101;46027;;\n;;;;;\n\nb.pdf;an@example.test;3101;2026-01-05 00:00:00;;\n")
            },
            {
                "Dutch names",
                Utf8(
                    "Bestand;E-mailadres;Certificering;Geldig vanaf;Geldig tot;Boeking\na.pdf;jo@example.test;3101;5-1-2026;;\n"
                        + "b.pdf;an@example.test;Projectleider niveau 1;5-1-2026;;\n")
            },
            {
                "German names",
                Utf8(
                    "Datei;E-Mail;Zertifizierung;Gültig ab;Gültig bis;Buchung\na.pdf;jo@example.test;3101;5.1.2026;;\n"
                        + "b.pdf;an@example.test;3101;5.1.2026;;\n")
            },
            {
                "what nobody sees",
                Utf8(
                    "\u200Bfile,email\u00AD,certification_id,valid_from\na.pdf\u200B,\uFEFFjo@example.test\u200B,3101,2026-01-05\u2060\n"
                        + "\u200Eb.pdf,an@example.test\u00A0,3101,2026-01-05\n")
            },
            {
                "an end as DOS marks it",
                [
                    .. Utf8(
                        "file,email,certification_id,valid_from\na.pdf,jo@example.test,3101,2026-01-05\n"
                            + "b.pdf,an@example.test,3101,2026-01-05\n"), 0x1A,
                ]
            },
            {
                "its own delimiter said first",
                Utf8(
                    "sep=;\r\nfile;email;certification;valid_from\r\na.pdf;jo@example.test;Projectleider niveau "
                        + "1;5-1-2026\r\nb.pdf;an@example.test;Projectleider niveau 1;5-1-2026\r\n")
            },
            {
                "empty rows first",
                Utf8(
                    "\r\n;;;\r\n\r\nfile;email;certification_id;valid_from\r\na.pdf;jo@example.test;3101;5-1-2026\r\n"
                        + "b.pdf;an@example.test;3101;5-1-2026\r\n")
            },
            {
                "tabs",
                Utf8("file\temail\tcertification\tvalid_from\na.pdf\tjo@example.test\tProjectleider niveau 1\t2026-01-05\n"
                    + "b.pdf\tan@example.test\tProjectleider niveau 1\t2026/01/05\n")
            },
            {
                "invisible characters and other hyphens and blanks in the names of columns",
                Utf8("fi\u00ADle;e\u2010mail;certification;valid\u00A0from\na.pdf;jo@example.test;Projectleider niveau 1;2026-01-05\n"
                    + "b.pdf;an@example.test;Projectleider niveau 1;2026-01-05\n")
            },
            {
                "quotes and line breaks",
                Utf8(
                    "\"file\",\"email\",\"certification\",\"valid_from\"\n\"a.pdf\",\"jo@example.test\n\",Projectleider niveau "
                        + "1,\"2026-01-05\"\n\"b.pdf\",\" an@example.test \",\"Projectleider niveau 1\",2026/01/05\n")
            },
        };

    /// <summary>Lists that cannot be understood as a whole, the code and the line.</summary>
    public static TheoryData<byte[], string, int> Broken
        => new()
        {
            { Utf8("name,email\na.pdf,jo@example.test\n"), Reason.ManifestHeaderInvalid, 1 },
            { Utf8("file,email,valid_untill\na.pdf,jo@example.test,2026-01-01\n"), Reason.ManifestHeaderInvalid, 1 },
            { Utf8("file,email,file\na.pdf,jo@example.test,a.pdf\n"), Reason.ManifestColumnTwice, 1 },
            { Utf8("a.pdf;jo@example.test\n"), Reason.ManifestHeaderInvalid, 1 },
            { Utf8("\n;;\n\nfile;mail\n"), Reason.ManifestHeaderInvalid, 4 },
            { Utf8("sep=;\nfile,email\n"), Reason.ManifestHeaderInvalid, 2 },
            { Utf8(";;\n\n"), Reason.ManifestColumnMissing, 1 },
            { Utf8("email;valid_from\njo@example.test;2026-01-05\n"), Reason.ManifestColumnMissing, 1 },
            { Utf8("file;email;E-Mail\na.pdf;jo@example.test;an@example.test\n"), Reason.ManifestColumnTwice, 1 },
            { Utf8("file;;email\na.pdf;x;jo@example.test\n"), Reason.ManifestColumnUnnamed, 1 },
            { Utf8(Header), Reason.ManifestNamesNoFile, 1 },
            { Utf8(Header + "\n,,,,,\n"), Reason.ManifestNamesNoFile, 1 },
            {
                Utf8(
                    Header
                        + "a.pdf,3101,jo@example.test,2026-01-05\n"
                        + "b.pdf,3101,\"an@example.test,2026-01-05\nc.pdf,3101,x@example.test,2026-01-05\n"),
                Reason.ManifestQuoteOpen,
                3
            },
            {
                [.. Utf8(Header + "a.pdf,3101,jo@example.test,2026-01-05\nm"), 0x81, .. "ller.pdf,3101,an@example.test,2026-01-05\n"u8],
                Reason.ManifestNotUtf8,
                3
            },
            { Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Header)).ToArray(), Reason.ManifestNotUtf8, 1 },
            {
                Utf8("file\n" + string.Concat(Enumerable.Range(0, ManifestParser.MaxLines + 1).Select(i => $"{i}.pdf\n"))),
                Reason.ManifestTooLarge,
                ManifestParser.MaxLines + 2
            },
            { [.. Utf8(Header), .. new byte[ManifestParser.MaxSize]], Reason.ManifestTooLarge, 1 },
        };

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
    public async Task The_report_says_that_a_list_was_read_as_Windows_1252()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Sites:nl:Language"] = "nl" });
        await desk.App.DropAsync("manifest.csv", Encoding.Latin1.GetBytes($"{Header}Zoë.pdf,3101,jo@example.test,2026-01-05,,\n"));
        await desk.DropAsync("Zoë.pdf", metadata: []);

        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.Single(desk.AtSpringest);
        var note = (await desk.ReceiptAsync("manifest.csv"))!.Note!;
        Assert.Equal(Reason.ManifestWindows1252, note.Code);
        Assert.StartsWith("De lijst is gelezen als Windows-1252", note.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_list_says_what_each_file_is_for_however_it_was_saved(string shape, byte[] manifest)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync("class/manifest.csv", manifest);
        await desk.DropAsync("class/a.pdf", metadata: []);
        await desk.DropAsync("class/b.pdf", metadata: []);

        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.True(desk.AtSpringest.Count == 2, shape);
        Assert.Equal(["an@example.test", "jo@example.test"], desk.AtSpringest.Select(posted => posted.Fields["email"]).Order());
        Assert.All(
            desk.AtSpringest,
            posted => Assert.Equal(("3101", "2026-01-05"), (posted.Fields["certification_id"], posted.Fields["valid_from"])));
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
        var receipt = await desk.ReceiptAsync("class/manifest.csv");
        Assert.Equal([("a.pdf", "accepted"), ("b.pdf", "accepted")], receipt!.Lines!.Select(line => (line.File, line.State)));
        Assert.Equal(
            desk.AtSpringest.Select(posted => posted.Id).Order(),
            receipt.Lines!.Select(line => line.CertificateId!.Value).Order());
        Assert.Equal(
            [(("nl", SubmissionState.Accepted), 2)],
            (await desk.Ledger.CountAsync(Cancellation)).Select(count => (count.Key, count.Value)));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_list_that_cannot_be_read_comes_back_with_the_line(byte[] manifest, string code, int line)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var before = desk.App.Simulator.Requests.Count;

        await desk.App.DropAsync("manifest.csv", manifest);
        await desk.SweepAsync();

        var problem = Assert.Single((await desk.RejectionAsync("manifest.csv"))!.Problems!);
        Assert.Equal((code, line), (problem.Code, problem.Line));
        Assert.StartsWith($"manifest.csv, line {line}: ", problem.Message, StringComparison.Ordinal);
        Assert.Equal(before, desk.App.Simulator.Requests.Count);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    /// <summary>Inches, for instance. It opens nothing unless it begins the cell.</summary>
    [Fact]
    public async Task A_quote_within_a_cell_is_part_of_its_text()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "manifest.csv",
            Utf8(
                "file,certification,email,valid_from\na.pdf,Lift 5\" pijp,jo@example.test,2026-01-05\nb.pdf,\"Projectleider niveau "
                    + "1\",an@example.test,2026-01-05\n"));
        await desk.DropAsync("a.pdf", metadata: []);
        await desk.DropAsync("b.pdf", metadata: []);

        await desk.SweepAsync();

        Assert.Equal("an@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
        var problem = Assert.Single((await desk.RejectionAsync("a.pdf"))!.Problems!);
        Assert.Equal((Reason.CertificationNameUnknown, 2), (problem.Code, problem.Line));
        Assert.Contains("'Lift 5\" pijp'", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("😀,file\na,a.pdf\n")]
    [InlineData("file,certification,email,valid_from\na.pdf,😀,jo@example.test,2026-01-05\n")]
    [InlineData("file,certification_id,email,valid_from\na.pdf,3101,😀,2026-01-05\n")]
    public async Task A_long_value_is_quoted_without_half_a_letter(string manifest)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var beginning = new string('x', 99);
        await desk.App.DropAsync("manifest.csv", Utf8(manifest.Replace("😀", beginning + "😀 and more", StringComparison.Ordinal)));
        await desk.DropAsync("a.pdf", metadata: []);

        await desk.SweepAsync();

        var rejection = await desk.RejectionAsync("a.pdf") ?? await desk.RejectionAsync("manifest.csv");
        Assert.Contains(beginning + "…", Assert.Single(rejection!.Problems!).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_line_costs_its_own_file_only_and_is_named()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var wrong = new (string Line, string Code)[]
        {
            ("2.pdf,3101,jo@example.test,05/01/2026,,", Reason.DateAmbiguous),
            ("3.pdf,3101,jo@example.test,2026-01-05,2025-01-05,", Reason.ValidUntilTooEarly),
            ("4.pdf,3101,jo@example.test,5-1-26,,", Reason.ValidFromInvalid),
            ("5.pdf,3101,\"jo\nde Vries\",2026-01-05,,", Reason.EmailInvalid),
            ("6.pdf,3101,jo@example.test,2026-01-05,,,,more", Reason.ManifestLineTooLong),
            ("7.pdf,,jo@example.test,2026-01-05,,", Reason.CertificationIdMissing),
            ("8.pdf,3102,jo@example.test,31-12-2026,,", Reason.ValidUntilNeeded),
            ("9.pdf,3101,jo@example.test,2026-01-05,,x", Reason.BookingIdInvalid),
            ("10.pdf,3101,jo@example.test,2026-01-05,,", Reason.ManifestFileTwice),
            ("10.pdf,3101,an@example.test,2026-01-05,,", Reason.ManifestFileTwice),
        };
        var manifest = Header + string.Concat(wrong.Select(line => line.Line + "\n")) + "good.pdf,3101,jo@example.test,15/01/2026,,\n";
        await desk.App.DropAsync("manifest.csv", Utf8(manifest));
        foreach (var name in wrong.Select(line => line.Line.Split(',')[0]).Distinct().Append("good.pdf"))
            await desk.DropAsync(name, metadata: []);

        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.Equal("2026-01-15", Assert.Single(desk.AtSpringest).Fields["valid_from"]);
        Assert.Single(desk.Posts);
        var number = 2;
        foreach (var (line, code) in wrong)
        {
            if (code != Reason.ManifestFileTwice || number == 11)
            {
                var rejection = await desk.RejectionAsync(line.Split(',')[0]);
                Assert.True(rejection is not null, line);
                var problem = Assert.Single(rejection.Problems!);
                Assert.Equal((line, code, number), (line, problem.Code, problem.Line!.Value));
            }

            number += 1 + line.Count(letter => letter == '\n');
        }

        var report = await desk.RejectionAsync("manifest.csv");
        Assert.Equal(Reason.ManifestFilesRefused, report!.Code);
        Assert.Equal(("good.pdf", "accepted"), (report.Lines![^1].File, report.Lines[^1].State));
        Assert.All(report.Lines.SkipLast(1), line => Assert.Equal("rejected", line.State));
    }

    [Theory]
    [InlineData("other/a.pdf")]
    [InlineData("../be/a.pdf")]
    [InlineData("C:\\certificates\\a.pdf")]
    [InlineData("a")]
    [InlineData("a.")]
    [InlineData("")]
    public async Task A_line_that_can_name_no_file_of_its_folder_is_told_at_once(string file)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Certificates:ManifestWait"] = "01:00:00" });
        await desk.App.DropAsync("class/manifest.csv", Utf8($"{Header}{file},3101,jo@example.test,2026-01-05,,\n"));

        await desk.SweepAsync();

        var line = Assert.Single((await desk.RejectionAsync("class/manifest.csv"))!.Lines!);
        Assert.Equal((2, Reason.ManifestFileInvalid), (line.Line, line.Code));
        Assert.Empty(desk.Posts);
    }

    [Fact]
    public async Task The_list_may_come_after_the_files()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Certificates:MetadataWait"] = "00:10:00" });
        await desk.DropAsync("a.pdf", metadata: []);
        await desk.SweepAsync();
        var waiting = await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation);
        Assert.Equal(Reason.WaitingForMetadata, waiting.Code);

        await desk.App.DropAsync("manifest.csv", Utf8(Header + "a.pdf,3101,jo@example.test,2026-01-05,,\n"));
        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.NotNull(await desk.ReceiptAsync("a.pdf"));
        Assert.NotNull(await desk.ReceiptAsync("manifest.csv"));
        Assert.Equal([("nl", SubmissionState.Accepted)], (await desk.Ledger.CountAsync(Cancellation)).Keys);
    }

    [Fact]
    public async Task The_list_waits_for_its_files_and_says_in_the_end_which_never_came()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "manifest.csv",
            Utf8(Header + "a.pdf,3101,jo@example.test,2026-01-05,,\nb.pdf,3101,an@example.test,2026-01-05,,\n"));
        await desk.DropAsync("a.pdf", metadata: []);
        await desk.SweepAsync();
        await desk.SweepAsync();
        var waiting = await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation);
        Assert.Equal((Reason.WaitingForFiles, "nl/manifest.csv"), (waiting.Code, waiting.Blob));
        Assert.True(await desk.IsInDropAsync("manifest.csv"));

        await using var impatient = await desk.App.AnotherInstanceAsync(new() { ["Springest:Certificates:ManifestWait"] = "00:00:00" });
        await impatient.FireAsync("SweepCertificates");

        var report = await desk.RejectionAsync("manifest.csv");
        Assert.Equal(Reason.ManifestFilesMissing, report!.Code);
        Assert.Contains("Missing: 1 of 2 files, the first of them 'b.pdf' (row 3)", report.Message, StringComparison.Ordinal);
        Assert.Equal([("a.pdf", "accepted"), ("b.pdf", "missing")], report.Lines!.Select(line => (line.File, line.State)));
        Assert.False(await desk.IsInDropAsync("manifest.csv"));
    }

    [Fact]
    public async Task A_corrected_list_is_put_back_and_does_only_what_is_left()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        const string good = "a.pdf,3101,jo@example.test,2026-01-05,,\n";
        await desk.App.DropAsync("manifest.csv", Utf8(Header + good + "b.pdf,3101,an@example,2026-01-05,,\n"));
        await desk.DropAsync("a.pdf", metadata: []);
        await desk.DropAsync("b.pdf", metadata: []);
        await desk.SweepAsync();
        await desk.SweepAsync();
        Assert.Equal(Reason.ManifestFilesRefused, (await desk.RejectionAsync("manifest.csv"))?.Code);

        await desk.App.DropAsync("manifest.csv", Utf8(Header + good + "b.pdf,3101,an@example.test,2026-01-05,,\n"));
        await desk.SweepAsync();
        Assert.True(await desk.IsInDropAsync("manifest.csv"));
        await desk.PutBackAsync("b.pdf");
        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.Equal(2, desk.AtSpringest.Count);
        Assert.Equal(2, desk.Posts.Count);
        Assert.Equal(["accepted", "accepted"], (await desk.ReceiptAsync("manifest.csv"))!.Lines!.Select(line => line.State));
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    /// <summary>The file goes with what was said when it was checked: a line that was changed since is about another one.</summary>
    [Theory]
    [InlineData("manifest.csv", Header + "a.pdf,3101,right@example.test,2026-01-05,,\n", "missing")]
    [InlineData("a.pdf.json", """{ "certification_id": 3101, "email": "right@example.test", "valid_from": "2026-01-05" }""", "accepted")]
    public async Task A_line_is_done_if_the_file_was_sent_as_it_says(string changed, string content, string state)
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        var gate = world.Office.Get<SendingGate>();
        await gate.StopAsync("nl", null, null, Cancellation);
        await world.DropAsync("nl/manifest.csv", Utf8(Header + "a.pdf,3101,wrong@example.test,2026-01-05,,\n"), []);
        await world.DropAsync("nl/a.pdf", SamplePdf.Create("a"), []);
        await world.Instances[0].SweepAsync();

        await world.DropAsync($"nl/{changed}", Utf8(content), []);
        await gate.StartAsync("nl", Cancellation);
        for (var times = 0; times < 3; times++)
        {
            await world.Instances[0].SweepAsync();
            world.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal("wrong@example.test", Assert.Single(world.Springest.Certificates).Fields["email"]);
        var (container, extension) = state == "accepted"
            ? (world.Containers.Accepted, ".receipt.json")
            : (world.Containers.Rejected, ".rejection.json");
        var report = (await CertificateWorld.BlobsAsync(container))[$"nl/manifest.csv{extension}"];
        Assert.Equal([state], CertificateReport.FromJson(Encoding.UTF8.GetString(report)).Lines!.Select(line => line.State));
    }

    [Fact]
    public async Task A_line_is_done_too_if_an_earlier_version_of_the_app_checked_its_file()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await world.Office.Get<SendingGate>().StopAsync("nl", null, null, Cancellation);
        await world.DropAsync("nl/manifest.csv", Utf8(Header + "a.pdf,3101,jo@example.test,2026-01-05,,\n"), []);
        await world.DropAsync("nl/a.pdf", SamplePdf.Create("a"), []);
        await world.Instances[0].SweepAsync();
        var row = await world.Ledger.ListAsync(SubmissionState.Ready, "nl", Cancellation).OfType<SubmissionEntity>()
            .SingleAsync(Cancellation);
        (row.Manifest, row.Line) = (null, null);
        Assert.True(await world.Ledger.TryUpdateAsync<SubmissionEntity>(row, Cancellation));

        await world.Office.Get<SendingGate>().StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        for (var times = 0; times < 2; times++)
            await world.Instances[0].SweepAsync();

        Assert.Contains("nl/manifest.csv.receipt.json", (await CertificateWorld.BlobsAsync(world.Containers.Accepted)).Keys);
    }

    /// <summary>A Mac writes an umlaut in a file's name as two characters, a spreadsheet as one; nobody can see the difference.</summary>
    [Theory]
    [InlineData("M\u00FCller.pdf", "Mu\u0308ller.pdf")]
    [InlineData("Mu\u0308ller.pdf", "M\u00FCller.pdf")]
    [InlineData("Nguy\u1EC5n.pdf", "Nguye\u0302\u0303n.pdf")]
    public async Task A_name_is_the_same_however_its_letters_are_written(string listed, string dropped)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync("manifest.csv", Utf8($"{Header}{listed},3101,jo@example.test,2026-01-05,,\n"));
        await desk.DropAsync(dropped, metadata: []);

        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.NotNull(await desk.ReceiptAsync(dropped));
        Assert.Equal("accepted", Assert.Single((await desk.ReceiptAsync("manifest.csv"))!.Lines!).State);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    /// <summary>U+FFFE is no character, and cannot be composed.</summary>
    [Fact]
    public async Task A_name_that_is_no_text_is_only_unknown()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "manifest.csv",
            Utf8("file,certification,email,valid_from\na.pdf,u\u0308\uFFFE,jo@example.test,2026-01-05\n"));
        await desk.DropAsync("a.pdf", metadata: []);

        await desk.SweepAsync();

        Assert.Equal(Reason.CertificationNameUnknown, (await desk.RejectionAsync("a.pdf"))?.Code);
    }

    [Fact]
    public async Task A_list_that_names_a_file_twice_in_two_ways_of_writing_is_told_so()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "manifest.csv",
            Utf8($"{Header}Mu\u0308.pdf,3101,jo@example.test,2026-01-05,,\nM\u00FC.pdf,3101,an@example.test,2026-01-05,,\n"));
        await desk.DropAsync("M\u00FC.pdf", metadata: []);

        await desk.SweepAsync();

        Assert.Equal(Reason.ManifestFileTwice, (await desk.RejectionAsync("M\u00FC.pdf"))?.Code);
    }

    [Fact]
    public async Task A_file_that_the_list_does_not_name_is_told_so()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync("manifest.csv", Utf8(Header + "a.pdf,3101,jo@example.test,2026-01-05,,\n"));
        await desk.DropAsync("A.pdf", metadata: []);
        await desk.DropAsync("3101_an@example.test_2026-01-05.pdf", metadata: []);

        await desk.SweepAsync();

        Assert.Equal(Reason.ManifestLineMissing, (await desk.RejectionAsync("A.pdf"))?.Code);
        Assert.Equal("an@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
    }

    [Fact]
    public async Task Blob_metadata_and_sidecar_come_before_the_list_and_the_name_after()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        const string name = "3101_name@example.test_2026-01-05.pdf";
        await desk.App.DropAsync(
            "manifest.csv",
            Utf8(
                Header
                    + "metadata.pdf,3101,list@example.test,2026-01-05,,\nsidecar.pdf,3101,list@example.test,2026-01-05,,\n"
                    + $"{name},3101,list@example.test,2026-01-05,,\n"));
        await desk.DropAsync("metadata.pdf", metadata: CertificateDesk.Fields(email: "metadata@example.test"));
        await desk.App.DropAsync(
            "sidecar.pdf.json",
            """{ "certification_id": 3101, "email": "sidecar@example.test", "valid_from": "2026-01-15" }"""u8.ToArray());
        await desk.DropAsync("sidecar.pdf", metadata: []);
        await desk.DropAsync(name, metadata: []);

        await desk.SweepAsync();

        Assert.Equal(
            ["list@example.test", "metadata@example.test", "sidecar@example.test"],
            desk.AtSpringest.Select(posted => posted.Fields["email"]).Order());
    }

    [Theory]
    [InlineData("Manifest.csv")]
    [InlineData("certificates.CSV")]
    [InlineData("Manifest.xlsx")]
    [InlineData("deelnemers.xlsx")]
    [InlineData("Manifest.ods")]
    [InlineData("manifest.txt")]
    public async Task A_list_of_another_name_is_told_its_name(string name)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(name, Utf8(Header + "a.pdf,3101,jo@example.test,2026-01-05,,\n"));

        await desk.SweepAsync();

        Assert.Equal(Reason.ManifestMisnamed, (await desk.RejectionAsync(name))?.Code);
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

    [Fact]
    public async Task A_corrected_list_closes_the_refused_one_though_the_app_stops_as_it_is_moved()
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = storage.ConnectionString });
        foreach (var email in (string[])["jo", "jo@example.test"])
        {
            await desk.App.DropAsync("class/manifest.csv", Utf8($"{Header}a.pdf,3101,{email},2026-01-05,,\n"));
            await desk.DropAsync("class/a.pdf", metadata: []);
            if (email.Contains('@', StringComparison.Ordinal))
                storage.StopAfter(request => request.Method == "DELETE"
                    && request.Path.Value!.EndsWith("certificates/nl/class/manifest.csv", StringComparison.Ordinal));
            for (var i = 0; i < 2; i++)
                await Task.WhenAny(desk.App.FireAsync("SweepCertificates"));
        }

        storage.Exchange = async (_, send) => await send();
        await desk.SweepAsync();

        Assert.Single(desk.AtSpringest);
        Assert.Empty(await desk.App.Get<CertificateAttention>().ListAsync(10, Cancellation));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
