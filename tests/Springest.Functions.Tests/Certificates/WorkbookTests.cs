using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Manifests.Workbooks;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>Lists as workbooks: what offices have before anybody asks them for a CSV file.</summary>
public sealed class WorkbookTests(AzuriteFixture azurite)
{
    private static readonly string[] s_header = ["Bestand", "E-mail", "Certificering", "Geldig vanaf"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Each says in its first line that a.pdf is Jo's from 5 January 2026.</summary>
    public static TheoryData<string, byte[]> Shapes
        => new()
        {
            { "texts", Book("2026-01-05") },
            { "a date as the day's number", Book(date: "<c r=\"D2\" s=\"1\"><v>46027</v></c>") },
            { "a number without its format", Book(date: "<c r=\"D2\"><v>46027</v></c>") },
            { "a format of one's own", Book(date: "<c r=\"D2\" s=\"2\"><v>46027</v></c>", formats: ["[$-413]d\\ mmmm\\ yyyy;@"]) },
            { "a fraction lost by arithmetic", Book(date: "<c r=\"D2\" s=\"1\"><v>46026.99999999999</v></c>") },
            { "days since 1904", Book(date: "<c r=\"D2\" s=\"1\"><v>44565</v></c>", properties: "date1904=\"1\"") },
            { "days since 1904 without a format", Book(date: "<c r=\"D2\"><v>44565</v></c>", properties: "date1904=\"true\"") },
            { "a date as text of ISO 8601", Book(date: "<c r=\"D2\" t=\"d\"><v>2026-01-05T00:00:00</v></c>") },
            { "a formula's date", Book(date: "<c r=\"D2\" s=\"1\"><f>TODAY()-1</f><v>46027</v></c>") },
            { "a formula's text", Book(date: "<c r=\"D2\" t=\"str\"><f>TEXT(E2)</f><v>5-1-2026</v></c>") },
            { "a text in the cell", Book(date: "<c r=\"D2\" t=\"inlineStr\"><is><r><t>2026-</t></r><r><t>01-05</t></r></is></c>") },
            { "a text in pieces", Book(date: "<c r=\"D2\" t=\"inlineStr\"><is><t>20<![CDATA[26]]>-<!-- x -->01-&#48;5</t></is></c>") },
            { "a number with an exponent", Book(date: "<c r=\"D2\" s=\"1\"><v>4.6027E4</v></c>") },
            { "a hidden sheet first", Hidden() },
            { "names of elements with a prefix", Prefixed(Book("2026-01-05")) },
            {
                "the strict variant",
                Replaced(Book("2026-01-05"), "schemas.openxmlformats.org/spreadsheetml/2006", "purl.oclc.org/ooxml/spreadsheetml")
            },
            { "parts elsewhere", Elsewhere() },
            { "cells without places", Replaced(Book("2026-01-05"), "r=\"[A-D]\\d\" ", "") },
            { "empty cells without places", Gaps() },
            { "rows without places", Replaced(Book("2026-01-05"), "<row r=\"\\d\">", "<row>") },
            { "UTF-16", Utf16() },
            { "not packed", Book("2026-01-05", compression: CompressionLevel.NoCompression) },
            {
                "empty rows and columns about",
                Book("2026-01-05", rest: "<row r=\"3\"><c r=\"A3\" s=\"1\"/></row><row r=\"1048576\"><c r=\"XFD1048576\"/></row>")
            },
            { "how it is pronounced", Pronounced() },
            { "merged cells that hide nothing", Merged("A1:B1", "B2:C2", "A2:D3", "E1:F9") },
        };

    /// <summary>Workbooks that cannot be read as a whole, the code and what is said of it.</summary>
    public static TheoryData<string, byte[], string, string?> Broken
        => new()
        {
            { "no ZIP file", "file,email"u8.ToArray(), Reason.ManifestNotWorkbook, Cause.Damaged },
            { "empty", [], Reason.ManifestNotWorkbook, Cause.Damaged },
            { "half", Book("2026-01-05")[..900], Reason.ManifestNotWorkbook, Cause.Damaged },
            { "another ZIP file", new SampleWorkbook().With("_rels/.rels", "<x/>").ToBytes(), Reason.ManifestNotWorkbook, Cause.Damaged },
            { "a password", Container("EncryptedPackage"), Reason.ManifestNeedsPassword, null },
            { "an .xls file", Container("Workbook"), Reason.ManifestNotWorkbook, Cause.OldFormat },
            {
                "a type definition", Part("xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>"),
                Reason.ManifestNotWorkbook, Cause.Damaged
            },
            { "a sheet elsewhere", External(), Reason.ManifestNotWorkbook, Cause.External },
            {
                "only hidden sheets", new SampleWorkbook { Sheets = "<sheet name=\"a\" state=\"veryHidden\" r:id=\"rId1\"/>" }.ToBytes(),
                Reason.ManifestNotWorkbook, Cause.NoSheet
            },
            { "a text that is not there", Book(date: "<c r=\"D2\" t=\"s\"><v>99</v></c>"), Reason.ManifestNotWorkbook, Cause.Damaged },
            {
                "a text's number out of range", Book(date: "<c r=\"D2\" t=\"s\"><v>99999999999</v></c>"), Reason.ManifestNotWorkbook,
                Cause.Damaged
            },
            { "two parts of one name", Twice(), Reason.ManifestNotWorkbook, Cause.Damaged },
            { "201 parts", Many(201), Reason.ManifestNotWorkbook, Cause.TooManyParts },
            {
                "a bomb", Part("xl/worksheets/sheet1.xml", Filled("<row/>", 60_000_000)),
                Reason.ManifestNotWorkbook, Cause.TooManyParts
            },
            {
                "much, if not packed tightly", Part("xl/worksheets/sheet1.xml", Noise(52_000_000)), Reason.ManifestNotWorkbook,
                Cause.TooManyParts
            },
            {
                "deep", Part("xl/worksheets/sheet1.xml", string.Concat(Enumerable.Repeat("<a>", 100_000))), Reason.ManifestNotWorkbook,
                Cause.Damaged
            },
            {
                "very many names",
                Part("xl/worksheets/sheet1.xml", $"<x>{string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<a{i}/>"))}</x>"),
                Reason.ManifestNotWorkbook, Cause.Damaged
            },
            { "a very long attribute", Part("xl/worksheets/sheet1.xml", $"<x a=\"{Random(600_000)}\"/>"), Reason.ManifestTooLarge, null },
            { "a very long text", Book(new string('x', 40_000)), Reason.ManifestTooLarge, null },
            { "the same long text very often", Often(), Reason.ManifestTooLarge, null },
            { "51 columns", Book(date: "<c r=\"AY2\"><v>1</v></c>"), Reason.ManifestTooLarge, null },
            { "20,001 lines", Long(ManifestParser.MaxLines + 1), Reason.ManifestTooLarge, null },
            { "more than 5 MB", [.. Book("2026-01-05"), .. new byte[ManifestParser.MaxSize]], Reason.ManifestTooLarge, null },
            { "one day for two rows", Merged("E1:E3", "B2:B3", "D2:D4"), Reason.ManifestMerged, "D2:D4" },
            { "merged cells that have no names", Merged("D"), Reason.ManifestNotWorkbook, Cause.Damaged },
            { "no file", SampleWorkbook.Of(s_header).ToBytes(), Reason.ManifestNamesNoFile, null },
            {
                "another column", SampleWorkbook.Of(["bestand", "telefoon"], ["a.pdf", "1"]).ToBytes(), Reason.ManifestHeaderInvalid,
                "telefoon"
            },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_workbook_is_read_however_it_was_saved(string shape, byte[] workbook)
    {
        var manifest = Parse(workbook);

        Assert.Equal((shape, ""), (shape, string.Join(' ', manifest.Problems.Select(Say))));
        var line = Assert.Single(manifest.Lines);
        Assert.Equal(
            (shape, "a.pdf", "jo@example.test", "3101", "2026-01-05"),
            (shape, line.File, line.Fields.Email, line.Fields.CertificationId ?? "3101", line.Fields.ValidFrom));
        Assert.Empty(line.Problems);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_workbook_that_cannot_be_read_is_told_why(string kind, byte[] workbook, string code, string? value)
    {
        var problem = Assert.Single(Parse(workbook).Problems);

        Assert.Equal((kind, code), (kind, problem.Code));
        if (value is not null)
            Assert.Equal((kind, value), (kind, problem.Values[0]));
        Assert.All(Sentences.Languages, language => Assert.NotEmpty(Sentences.In(language, TimeZoneInfo.Utc).Say(problem)));
    }

    /// <summary>Wherever a file ends, there is a sentence.</summary>
    [Fact]
    public void No_end_confuses_it()
    {
        var whole = Book("2026-01-05");
        for (var length = 0; length < whole.Length; length += 7)
            Assert.Single(Parse(whole[..length]).Problems);
    }

    [Fact]
    public async Task A_workbook_says_what_each_file_is_for_and_its_report_names_rows_and_columns()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var book = new SampleWorkbook();
        string[] header = ["Boeking", "Geldig tot", "Bestand", "E-mailadres", "Certificeringsnummer", "Geldig vanaf"];
        book.Rows = $"<row r=\"4\">{string.Concat(header.Select((name, x) => book.Text($"{(char)('A' + x)}4", name)))}</row>"
            + Row(5, "good.pdf", "jo@example.test", Id(5), Day(5))
            + Row(7, "error.pdf", "an@example.test", "<c r=\"E7\" t=\"e\"><f>VLOOKUP(1)</f><v>#N/A</v></c>", Day(7))
            + Row(8, "formula.pdf", "bo@example.test", Id(8), "<c r=\"F8\"><f>A1</f><v></v></c>")
            + Row(9, "time.pdf", "cy@example.test", Id(9), "<c r=\"F9\" s=\"1\"><v>46027.5</v></c>")
            + Row(10, "nobody.pdf", "nobody", Id(10), Day(10))
            + Row(11, "nl/map/x.pdf", "an@example.test", Id(11), Day(11));
        await desk.App.DropAsync("class/manifest.xlsx", book.ToBytes());
        foreach (var name in (string[])["good", "error", "formula", "time", "nobody"])
            await desk.DropAsync($"class/{name}.pdf", metadata: []);

        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.Equal("jo@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
        Assert.Equal(
            "manifest.xlsx, row 7, column E: The cell shows the error #N/A. Correct it.",
            Assert.Single((await desk.RejectionAsync("class/error.pdf"))!.Problems!).Message);
        Assert.StartsWith(
            "manifest.xlsx, row 8, column F: The cell has a formula without a result.",
            Assert.Single((await desk.RejectionAsync("class/formula.pdf"))!.Problems!).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "manifest.xlsx, row 9, column F: The first day of validity (valid_from) is '2026-01-05 12:00'",
            Assert.Single((await desk.RejectionAsync("class/time.pdf"))!.Problems!).Message, StringComparison.Ordinal);
        var nobody = Assert.Single((await desk.RejectionAsync("class/nobody.pdf"))!.Problems!);
        Assert.Equal((10, "D", "manifest.xlsx"), (nobody.Line, nobody.Column, nobody.List));
        var report = (await desk.RejectionAsync("class/manifest.xlsx"))!;
        Assert.Equal([5, 7, 8, 9, 10, 11], report.Lines!.Select(line => line.Line));
        Assert.StartsWith("manifest.xlsx, row 11, column C: ", report.Lines![^1].Message, StringComparison.Ordinal);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));

        string Row(int row, string file, string email, string certification, string from)
            => $"<row r=\"{row}\">{book.Text($"C{row}", file)}{book.Text($"D{row}", email)}{certification}{from}</row>";

        static string Id(int row) => $"<c r=\"E{row}\"><v>3101</v></c>";

        static string Day(int row) => $"<c r=\"F{row}\" s=\"1\"><v>46027</v></c>";
    }

    /// <summary>Whichever comes first is in force to its end.</summary>
    [Theory]
    [InlineData("manifest.csv", "manifest.xlsx")]
    [InlineData("manifest.xlsx", "manifest.csv")]
    public async Task Of_two_lists_the_second_is_refused(string first, string second)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var lists = new Dictionary<string, byte[]>
        {
            [Manifest.Csv] = "file,certification_id,email,valid_from\na.pdf,3101,csv@example.test,2026-01-05\n"u8.ToArray(),
            [Manifest.Workbook] = SampleWorkbook.Of(s_header, ["a.pdf", "xlsx@example.test", "3101", "2026-01-05"]).ToBytes(),
        };
        await desk.App.DropAsync(first, lists[first]);
        // A blob's time has no parts of a second.
        await PassSecondAsync(desk, first);
        await desk.App.DropAsync(second, lists[second]);

        await desk.SweepAsync();
        await desk.DropAsync("a.pdf", metadata: []);
        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.Equal($"{first.Split('.')[1]}@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
        Assert.NotNull(await desk.ReceiptAsync(first));
        var problem = Assert.Single((await desk.RejectionAsync(second))!.Problems!);
        Assert.Equal((Reason.ManifestTwoLists, first), (problem.Code, problem.Values[0]));
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_makes_way_for_the_other()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync("manifest.xlsx", Container("EncryptedPackage"));
        await desk.DropAsync("a.pdf", metadata: []);
        await desk.SweepAsync();
        Assert.Equal(Reason.ManifestNeedsPassword, (await desk.RejectionAsync("manifest.xlsx"))!.Code);
        Assert.True(await desk.IsInDropAsync("a.pdf"));

        await desk.App.DropAsync(
            "manifest.csv", "file,certification_id,email,valid_from\na.pdf,3101,jo@example.test,2026-01-05\n"u8.ToArray());
        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.Single(desk.AtSpringest);
        Assert.NotNull(await desk.ReceiptAsync("manifest.csv"));
        // The workbook that nobody could read is done with as well.
        Assert.Empty(await desk.Ledger.ListOpenAsync("nl", OpenRows.Refused, cancellationToken: Cancellation).ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData("General", false)]
    [InlineData("0.00E+00", false)]
    [InlineData("#,##0\\ \"dagen\"", false)]
    [InlineData("[Red]0", false)]
    [InlineData("@", false)]
    [InlineData("0;\"d\"yyyy", false)]
    [InlineData("dd/mm/yyyy", true)]
    [InlineData("[$-407]d/\\ mmmm\\ yyyy;@", true)]
    [InlineData("[h]:mm", true)]
    [InlineData("_-d", true)]
    public void A_format_is_told_from_a_date_s(string code, bool isDate) => Assert.Equal(isDate, NumberFormats.IsDateFormat(code));

    [Theory]
    [InlineData(0, "A")]
    [InlineData(25, "Z")]
    [InlineData(26, "AA")]
    [InlineData(49, "AX")]
    [InlineData(16383, "XFD")]
    public void Columns_are_named_as_sheets_name_them(int column, string name)
    {
        Assert.Equal(name, CellReference.ColumnName(column));
        Assert.Equal(column, CellReference.Column($"{name}7"));
    }

    internal static Manifest Parse(byte[] workbook)
        => new ManifestParser(Options.Create(new CertificatesOptions())).Parse("id", Manifest.Workbook, workbook);

    private static string Say(Problem problem) => Sentences.In("en", TimeZoneInfo.Utc).Say(problem);

    private static byte[] Book(
        string? text = null, string? date = null, string[]? formats = null, string properties = "", string rest = "",
        CompressionLevel compression = CompressionLevel.Optimal)
    {
        var book = Sheet(text, date, rest);
        (book.BookProperties, book.Compression) = (properties, compression);
        book.Formats.AddRange(formats ?? []);
        return book.ToBytes();
    }

    private static SampleWorkbook Sheet(string? text = null, string? date = null, string rest = "")
    {
        var book = new SampleWorkbook();
        book.Rows = $"<row r=\"1\">{string.Concat(s_header.Select((name, x) => book.Text($"{(char)('A' + x)}1", name)))}</row><row r=\"2\">"
            + book.Text("A2", "a.pdf") + book.Text("B2", "jo@example.test") + "<c r=\"C2\"><v>3101</v></c>"
            + (date ?? book.Text("D2", text!)) + $"</row>{rest}";
        return book;
    }

    /// <summary>With a second line in row 4 if any cells are merged as far as that.</summary>
    private static byte[] Merged(params string[] cells)
        => Replaced(
            Book("2026-01-05", rest: cells.Any(each => each.EndsWith('4'))
                ? "<row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>b.pdf</t></is></c></row>" : ""),
            "</sheetData>",
            $"</sheetData><mergeCells>{string.Concat(cells.Select(each => $"<mergeCell ref=\"{each}\"/>"))}</mergeCells><x/>");

    private static byte[] Part(string name, string content) => Sheet("2026-01-05").With(name, content).ToBytes();

    private static byte[] Hidden()
    {
        var book = Sheet("2026-01-05");
        book.Sheets = """<sheet name="Lijsten" sheetId="2" state="hidden" r:id="rId9"/><sheet name="b" sheetId="1" r:id="rId1"/>""";
        return book.ToBytes();
    }

    private static byte[] Gaps()
    {
        var book = new SampleWorkbook();
        string[] header = ["Boeking", .. s_header];
        book.Rows = $"<row>{string.Concat(header.Select(name => book.Text("", name)))}</row><row><c s=\"1\"/>{book.Text("", "a.pdf")}"
            + $"{book.Text("", "jo@example.test")}<c><v>3101</v></c>{book.Text("", "2026-01-05")}</row>";
        book.Rows = book.Rows.Replace(" r=\"\"", "", StringComparison.Ordinal);
        return book.ToBytes();
    }

    private static byte[] Elsewhere()
    {
        var parts = Unpack(Book("2026-01-05"));
        parts["data/sheet.xml"] = parts["xl/worksheets/sheet1.xml"];
        parts.Remove("xl/worksheets/sheet1.xml");
        parts["xl/_rels/workbook.xml.rels"] = SampleWorkbook.Relationships(
            ("rId1", "worksheet", "/data/sheet.xml"), ("rId3", "sharedStrings", "../xl/./SharedStrings.xml"),
            ("rId2", "styles", "styles.xml"));
        return Pack(parts);
    }

    private static byte[] External()
        => Sheet("2026-01-05").With(
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" TargetMode=\"External\" Target=\"x\"/></Relationships>")
            .ToBytes();

    private static byte[] Pronounced()
    {
        var book = Sheet("2026-01-05");
        book.Texts[4] = "<si><r><t>a.</t></r><r><t>pdf</t></r><rPh sb=\"0\" eb=\"1\"><t>ei</t></rPh></si>";
        return book.ToBytes();
    }

    private static byte[] Often()
    {
        var book = Sheet(new string('x', 30_000));
        book.Rows += string.Concat(Enumerable.Range(3, 1000).Select(row => $"<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>6</v></c></row>"));
        return book.ToBytes();
    }

    private static byte[] Long(int lines)
    {
        var book = Sheet("2026-01-05");
        book.Rows += string.Concat(Enumerable.Range(3, lines).Select(
            row => $"<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>{row}.pdf</t></is></c></row>"));
        return book.ToBytes();
    }

    private static byte[] Many(int parts)
    {
        var book = Sheet("2026-01-05");
        for (var i = 0; i < parts; i++)
            book.With($"xl/media/{i}.png", "");
        return book.ToBytes();
    }

    private static byte[] Twice()
    {
        var packed = new MemoryStream();
        packed.Write(Book("2026-01-05"));
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Update, leaveOpen: true))
            zip.CreateEntry("XL/worksheets/SHEET1.xml").Open().Dispose();
        return packed.ToArray();
    }

    private static byte[] Prefixed(byte[] book)
    {
        var parts = Unpack(book);
        foreach (var name in parts.Keys.Where(name => name.StartsWith("xl/", StringComparison.Ordinal) && !name.Contains("_rels")).ToList())
        {
            parts[name] = System.Text.RegularExpressions.Regex.Replace(parts[name], "<(/?)(?=[a-zA-Z])", "<$1x:")
                .Replace("xmlns=", "xmlns:x=", StringComparison.Ordinal);
        }

        return Pack(parts);
    }

    private static byte[] Replaced(byte[] book, string pattern, string by)
        => Pack(Unpack(book).ToDictionary(part => part.Key, part => System.Text.RegularExpressions.Regex.Replace(part.Value, pattern, by)));

    private static byte[] Utf16()
    {
        var book = Sheet("2026-01-05");
        book.ToBytes();
        var sheet = "<?xml version=\"1.0\" encoding=\"utf-16\"?>" + Encoding.UTF8.GetString(book.Parts["xl/worksheets/sheet1.xml"]);
        book.Parts["xl/worksheets/sheet1.xml"] = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(sheet)];
        return book.ToBytes();
    }

    /// <summary>The container of older Office formats, as far as anybody looks into it.</summary>
    internal static byte[] Container(string entry)
        => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[1016], .. Encoding.Unicode.GetBytes(entry), .. new byte[512]];

    private static Dictionary<string, string> Unpack(byte[] book)
    {
        using var zip = new ZipArchive(new MemoryStream(book));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry => new StreamReader(entry.Open()).ReadToEnd());
    }

    private static byte[] Pack(Dictionary<string, string> parts)
    {
        var book = new SampleWorkbook();
        foreach (var (name, content) in parts)
            book.With(name, content);
        return book.ToBytes();
    }

    private static string Random(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static string Filled(string by, int length)
        => $"<worksheet><sheetData>{string.Concat(Enumerable.Repeat(by, length / by.Length))}</sheetData></worksheet>";

    // Can be packed, but not a hundred times.
    private static string Noise(int length)
        => $"<worksheet>{string.Concat(Random(length / 20).Chunk(32).Select(
            part => $"<ext>{new string(part)}{new string('x', 600)}</ext>"))}</worksheet>";

    private static async Task PassSecondAsync(CertificateDesk desk, string name)
    {
        var before = (await desk.Drop.GetBlobClient($"nl/{name}").GetPropertiesAsync(cancellationToken: Cancellation)).Value.LastModified;
        for (var now = before; now <= before;)
        {
            await desk.App.DropAsync("time.txt", []);
            now = (await desk.Drop.GetBlobClient("nl/time.txt").GetPropertiesAsync(cancellationToken: Cancellation)).Value.LastModified;
        }

        await desk.Drop.DeleteBlobAsync("nl/time.txt", cancellationToken: Cancellation);
    }
}
