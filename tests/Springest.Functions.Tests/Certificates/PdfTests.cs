using System.Text;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Inspection;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.Certificates;

/// <summary>What a PDF has in it that a certificate need not.</summary>
public sealed class PdfTests(AzuriteFixture azurite)
{
    private const PdfFeatures All
        = PdfFeatures.NeedsPassword | PdfFeatures.Restricted | PdfFeatures.JavaScript | PdfFeatures.Launch | PdfFeatures.Attachments;

    private const string Script = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>";

    private static readonly byte[] s_pdf = SamplePdf.Create("x");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/Encrypt 9 0 R", Reason.PdfNeedsPassword)]
    [InlineData("/S /JavaScript", Reason.PdfHasScript)]
    [InlineData("/S/J#61va#53cript", Reason.PdfHasScript)]
    [InlineData("/S /Launch", Reason.PdfLaunches)]
    [InlineData("/Type /EmbeddedFile", Reason.PdfHasAttachments)]
    [InlineData("/EF << /F 7 0 R >>", Reason.PdfHasAttachments)]
    public async Task It_is_found_wherever_it_stands(string name, string code)
    {
        // All around the border between two parts of the reading.
        for (var place = 128 * 1024 - 30; place < 128 * 1024 + 10; place++)
        {
            byte[] pdf =
            [
                .. "%PDF-1.7\n/Type /Page"u8, .. new byte[place - 12], .. Encoding.ASCII.GetBytes(name), .. new byte[2000], .. "%%EOF"u8,
            ];

            Assert.Equal(code, await ProblemOfAsync(pdf, All));
            Assert.Null(await ProblemOfAsync(pdf, PdfFeatures.None));
        }
    }

    [Theory]
    [InlineData(Script, "", Reason.PdfHasScript)]
    [InlineData("/OpenAction 4 0 R", "<< /S/JavaScript /JS (x) >>", Reason.PdfHasScript)]
    [InlineData("/OpenAction << /S /Launch /F (cmd.exe) >>", "", Reason.PdfLaunches)]
    [InlineData("/Names << /EmbeddedFiles 4 0 R >>", "<< /Names [] >>", Reason.PdfHasAttachments)]
    public async Task It_is_found_in_compressed_objects(string catalog, string more, string code)
    {
        var pdf = PackedPdf.Create(catalog, [more]);

        Assert.Equal(code, await ProblemOfAsync(pdf, All));
        Assert.Equal(code, await ProblemOfAsync(PackedPdf.Create(catalog, [more], content => content, filter: ""), All));
        Assert.Null(await ProblemOfAsync(PackedPdf.Create(objects: [more is "" ? "<< >>" : "<< /Names [] >>"]), All));
        Assert.Equal(Features(pdf, size: int.MaxValue), Features(pdf, size: 1));
    }

    [Theory]
    [InlineData("(HTML/JavaScript 2)")]
    [InlineData("(From idea to /Launch)")]
    [InlineData("(Let's /Encrypt)")]
    public async Task What_a_course_is_called_is_no_reason(string title)
    {
        Assert.Null(await ProblemOfAsync(PackedPdf.Create(objects: [$"<< /Title {title} >>"], trailer: "/Info 4 0 R"), All));
        Assert.Null(
            await ProblemOfAsync(
                [.. SamplePdf.Create(title), .. Encoding.ASCII.GetBytes($"7 0 obj << /Title {title} >> endobj %%EOF")],
                All));
    }

    /// <summary>Ways to a script or a program that a reader goes and a search for words does not, or the other way round.</summary>
    public static TheoryData<string, byte[], string?> Ways
        => new()
        {
            { "a comment between", Plain("/OpenAction << /S %\n/JavaScript /JS (x) >>"), Reason.PdfHasScript },
            { "a comment between, packed", PackedPdf.Create("/OpenAction << /S %\n/JavaScript /JS (x) >>"), Reason.PdfHasScript },
            { "a comment between, to a program", Plain("/OpenAction << /S %x\r/Launch /F (cmd.exe) >>"), Reason.PdfLaunches },
            { "elsewhere", Plain("/OpenAction << /S 4 0 R /JS (x) >>", "/JavaScript"), Reason.PdfHasScript },
            { "elsewhere, behind a comment", Plain("/OpenAction << /S 4 0 R >>", "%\n/JavaScript"), Reason.PdfHasScript },
            { "elsewhere, packed", PackedPdf.Create("/OpenAction << /S 4 0 R >>", ["/JavaScript"]), Reason.PdfHasScript },
            { "elsewhere, packed, to a program", PackedPdf.Create("/OpenAction << /S 4 0 R >>", ["/Launch"]), Reason.PdfLaunches },
            { "the script alone", Plain("/AA << /O << /JS 4 0 R >> >>", "(app.alert(1))"), Reason.PdfHasScript },
            { "a table of scripts", Plain("/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", "<< >>"), Reason.PdfHasScript },
            { "a form with scripts", Plain("/AcroForm << /XFA 4 0 R >>", "[]"), Reason.PdfHasScript },
            { "a form with scripts, in parts", PackedPdf.Create("/AcroForm << /XFA[(template) 4 0 R] >>", ["<< >>"]), Reason.PdfHasScript },
            { "no form with scripts", Plain("/AcroForm << /XFA null >>"), null },
            { "an object in a text", Plain("/T (4 0 obj << /S /JavaScript >> endobj)"), Reason.PdfHasScript },
            { "an object in a comment", Plain("/T 1 % 4 0 obj << /S /JavaScript >> endobj\n"), Reason.PdfHasScript },
            { "an object in a text, and a comment in that", Plain("/T (4 0 obj %) /S /JavaScript\n"), Reason.PdfHasScript },
            {
                "an object in a stream", Plain("", "<< /Length 50 >> stream\n( 5 0 obj << /S /JavaScript >> endobj\nendstream"),
                Reason.PdfHasScript
            },
            {
                "an object in a text behind half a beginning", Plain("/T (0 0 o4 0 obj << /S /JavaScript >> endobj)"),
                Reason.PdfHasScript
            },
            { "an object in a comment behind one", Plain("/T 1 % 0 0 ob4 0 obj << /S /JavaScript >> endobj\n"), Reason.PdfHasScript },
            {
                "an object in a text, a comment in its number", Plain("/T (4 %5\n0 obj << /S /JavaScript >> endobj)"),
                Reason.PdfHasScript
            },
            { "an object in a comment in a number", Plain("/T (9 % 4 0 obj << /S /JavaScript >> endobj\n)"), Reason.PdfHasScript },
            {
                "an object in a stream behind half a beginning",
                Plain("", "<< /Length 50 >> stream\n( 0 0 o5 0 obj << /S /JavaScript >> endobj\nendstream"), Reason.PdfHasScript
            },
            {
                "a comment in a number of hexadecimal digits", Plain("/OpenAction << /T <41%> /S /JavaScript /JS (x) >>"),
                Reason.PdfHasScript
            },
            { "a text in such a number", Plain("/OpenAction << /T <41(> /S /JavaScript /JS (x) >>"), Reason.PdfHasScript },
            {
                "a text in such a number, packed", PackedPdf.Create("/OpenAction << /T <41(> /S /JavaScript /JS (x) >>"),
                Reason.PdfHasScript
            },
            {
                "a text open in a stream", Plain("", "<< /Length 9 >> stream\n( ( ( \nendstream", "<< /S /JavaScript >>"),
                Reason.PdfHasScript
            },
            { "a stream where there is none", Plain("/A [ stream /S /JavaScript ]"), Reason.PdfHasScript },
            { "a packed object in the text of another", Hidden("<< /T (", "<< /S /JavaScript >>", ") >>"), Reason.PdfHasScript },
            { "a packed object in the comment of another", Hidden("% ", "<< /S /JavaScript >>", "\n<< >>"), Reason.PdfHasScript },
            { "a packed object in the number of another", Hidden("<41", "<< /T (>) /JS (x) >>", ""), Reason.PdfHasScript },
            {
                "a packed object in the text of another, right behind the table",
                Hidden("<< /T (", "<< /S /JavaScript >>", ") >>", endOfTable: ""), Reason.PdfHasScript
            },
            {
                "the word that ends a stream, in plain objects",
                PackedPdf.Create("/T (endstream %) /OpenAction << /S /JavaScript >>", pack: content => content, filter: ""),
                Reason.PdfHasScript
            },
            {
                "packed objects without their name",
                Named(PackedPdf.Create("/OpenAction << /S /JavaScript >>"), "/Type /ObjStm", "/Type 99 0 R "), Reason.PdfHasScript
            },
            { "the word that ends a stream, packed", Ended("/OpenAction << /S /JavaScript >>"), Reason.PdfHasScript },
            { "a text with the word", Plain("/T (a course in HTML/JavaScript and /Launch)"), null },
            { "a text with the word and parentheses", Plain("/T (a (b\\) /JavaScript (c) ) /U (d)"), null },
            { "a comment with the word", Plain("% /JavaScript /Launch\n"), null },
            { "a number for letters", Plain("/T <2F4A617661536372697074>"), null },
            { "a drawing with the word", Plain("", "<< /Length 40 >> stream\nBT (/JavaScript) Tj /Launch Do ET ((\nendstream"), null },
            { "an update at the mark", [.. s_pdf[..^1], .. "7 0 obj << /S /JavaScript >> endobj\n%%EOF"u8], Reason.PdfHasScript },
        };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task It_is_found_where_a_reader_finds_it_and_nowhere_else(string way, byte[] pdf, string? code)
    {
        Assert.Equal((way, code), (way, await ProblemOfAsync(pdf, PdfFeatures.JavaScript | PdfFeatures.Launch)));
        Assert.Equal(Features(pdf, size: int.MaxValue), Features(pdf, size: 1));
    }

    /// <summary>Ways to have a script looked over: what is changed in a file that has one and opens without a password.</summary>
    public static TheoryData<string, string, string, string> Disguises
        => new()
        {
            { "%PDF-1.7", "%PDF-1.7", "", Reason.PdfHasScript },
            { "/StmF /", "/StmF % /Identity\n /", "", Reason.PdfHasScript },
            { "/StmF", "/St#6dF", "", Reason.PdfNeedsPassword },
            { "/StmF /StdCF", "/StmF /Identity", "", Reason.PdfIsOpaque },
            { "/Filter /Standard", "/Filter 99 0 R", "99 0 obj /Standard endobj", Reason.PdfNeedsPassword },
            { "/StmF /StdCF", "/StmF /Identity", "N 0 obj << /Filter 99 0 R >> endobj", Reason.PdfIsOpaque },
            { "/StmF /StdCF", "/StmF /Identity", "% N 0 obj << /Filter 99 0 R >> endobj", Reason.PdfIsOpaque },
            { "/Filter /FlateDecode", "/Filter /Crypt", "", Reason.PdfIsOpaque },
            { "/V 4", "/V 9", "", Reason.PdfNeedsPassword },
            { "/V 4", "/V 4 0 R", "", Reason.PdfNeedsPassword },
            // What a document's paragraphs may be called.
            { "%PDF-1.7", "%PDF-1.7", string.Concat(Enumerable.Repeat("99 0 obj << /S /Standard >> endobj ", 40)), Reason.PdfHasScript },
        };

    [Theory]
    [MemberData(nameof(Disguises))]
    public async Task Encrypted_objects_are_looked_into_or_refused(string old, string by, string behind, string code)
    {
        var good = Encoding.Latin1.GetString(PdfCorpusTests.Read("encrypted-aes-128-script.pdf"));
        var number = good[(good.IndexOf("/Encrypt ", StringComparison.Ordinal) + 9)..].Split(' ')[0];
        var changed = good.Replace(old, by, StringComparison.Ordinal);
        Assert.True(old == by || changed != good);
        var pdf = Encoding.Latin1.GetBytes($"{changed}\n{behind.Replace("N", number, StringComparison.Ordinal)}\n%%EOF");

        Assert.Equal(code, await ProblemOfAsync(pdf, PdfFeatures.NeedsPassword | PdfFeatures.JavaScript | PdfFeatures.Launch));
        Assert.Equal(Features(pdf, size: int.MaxValue), Features(pdf, size: 1));
    }

    public static TheoryData<string, byte[]> Opaque
        => new()
        {
            {
                "damaged",
                PackedPdf.Create(Script, pack: content => [.. PackedPdf.Deflate(content)[..9], 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
            },
            { "not deflated at all", PackedPdf.Create(Script, pack: content => content) },
            { "another filter", PackedPdf.Create(Script, filter: "/Filter [/ASCIIHexDecode /FlateDecode]") },
            { "a filter told elsewhere", PackedPdf.Create(Script, filter: "/Filter 12 0 R") },
            {
                "deflated twice",
                PackedPdf.Create(
                    Script,
                    pack: content => PackedPdf.Deflate(PackedPdf.Deflate(content)),
                    filter: "/Filter [/Fl#61teDecode /FlateDecode]")
            },
            { "a filter told elsewhere, in a list", PackedPdf.Create(Script, filter: "/Filter [12 0 R]") },
            { "a filter of tomorrow", PackedPdf.Create(Script, filter: "/Filter [/FlateDecode /BrotliDecode]") },
            { "a predictor told elsewhere", PackedPdf.Create(Script, filter: "/Filter /FlateDecode /DP << /Predictor 1 0 R >>") },
            { "a predictor told elsewhere, in a word", PackedPdf.Create(Script, filter: "/Filter /FlateDecode /DP << /Predictor 1 0R >>") },
            { "a predictor with a sign", PackedPdf.Create(Script, filter: "/Filter /FlateDecode /DP << /Predictor +12 >>") },
            { "parameters told elsewhere, in a list", PackedPdf.Create(Script, filter: "/Filter /FlateDecode /DecodeParms [12 0 R]") },
            { "a number told elsewhere", Named(PackedPdf.Create(Script), "/N 3", "/N 3 0 R") },
            { "a longer table than there is", Named(PackedPdf.Create(), "/N 3", "/N 30") },
            { "a table that its objects are in", Named(PackedPdf.Create(), "/First ", "/First 0 /X ") },
            { "no end of its dictionary", Named(PackedPdf.Create(Script), "/Type /ObjStm", "/Type /ObjStm /X [ >> ]") },
            {
                "plain, its length told elsewhere",
                Named(PackedPdf.Create(Script, pack: content => content, filter: ""), "/Length ", "/Length 7 0 R /X ")
            },
            {
                "an object behind the packed ones",
                PackedPdf.Create(
                    "/OpenAction 9 0 R", pack: content => [.. PackedPdf.Deflate(content), .. "\n9 0 obj << /S /JavaScript >> endobj\n"u8])
            },
            { "a predictor", PackedPdf.Create(Script, filter: "/Filter /FlateDecode /DecodeParms << /Predictor 12 >>") },
            { "a bomb", PackedPdf.Create(pack: content => PackedPdf.Deflate([.. content, .. new byte[100_000_000]])) },
            { "too long", PackedPdf.Create(Script, [$"({Noise(3_000_000)})"]) },
            {
                "too many",
                [
                    .. PackedPdf.Create(),
                    .. Enumerable
                        .Repeat("1 0 obj << /Type /ObjStm >> stream\nendstream endobj\n"u8.ToArray(), 9000)
                        .SelectMany(each => each),
                    .. "%%EOF"u8,
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Opaque))]
    public async Task What_cannot_be_looked_into_is_refused_where_anything_is(string kind, byte[] pdf)
    {
        Assert.Equal((kind, Reason.PdfIsOpaque), (kind, await ProblemOfAsync(pdf, PdfFeatures.JavaScript)));
        Assert.Null(await ProblemOfAsync(pdf, PdfFeatures.None));
        Assert.Null(await ProblemOfAsync([.. pdf, .. "trailer << /Encrypt 9 0 R >> %%EOF"u8], PdfFeatures.JavaScript));
        Assert.Equal(Reason.PdfNeedsPassword, await ProblemOfAsync([.. pdf, .. "trailer << /Encrypt 9 0 R >> %%EOF"u8], All));
    }

    public static TheoryData<string, byte[], string?> Ends
        => new()
        {
            { "NULs, as a scanner fills up", [.. s_pdf, .. new byte[4845]], null },
            { "blanks of any length", [.. s_pdf, .. Enumerable.Repeat((byte)'\n', 200_000)], null },
            { "half a mark", s_pdf[..^3], null },
            { "no mark", s_pdf[..^6], null },
            { "no mark, but NULs", [.. s_pdf[..^6], .. new byte[4845]], null },
            { "no mark, and the table is a stream", PackedPdf.Create()[..^5], null },
            { "a web page behind it", [.. s_pdf, .. Encoding.ASCII.GetBytes($"<html>{new string('x', 60_000)}</html>")], null },
            { "a word at the mark", [.. s_pdf[..^1], .. "xyz"u8], null },
            { "any bytes behind it", [.. s_pdf, .. RandomBytes(60_000)], null },
            { "an update", [.. s_pdf, .. "7 0 obj << >> endobj\nstartxref\n1\n%%EOF"u8], null },
            { "much behind it", [.. s_pdf, .. RandomBytes(80_000), .. "x"u8], Reason.FileIsCutOff },
            { "cut in packed objects", [.. PackedPdf.Create(Script, [$"({Noise(3_000_000)})"])[..2_900_000]], Reason.FileIsCutOff },
            { "cut in its table", s_pdf[..^60], Reason.FileIsCutOff },
            { "cut in the middle", s_pdf[..300], Reason.FileIsCutOff },
            { "cut in an update", [.. s_pdf, .. "7 0 obj << /A"u8], Reason.FileIsCutOff },
            { "no mark, and no table where it should be", Replace(s_pdf[..^6], "startxref\n", "startxref\n1"), Reason.FileIsCutOff },
            { "no page", Replace(Replace(s_pdf, "/Type /Page ", "/Type /None "), "/Contents ", "/Kontents "), Reason.PdfHasNoPages },
            { "no page packed", Encoding.Latin1.GetBytes("%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj %%EOF"), Reason.PdfHasNoPages },
            { "taken for text", Reencode(PackedPdf.Create()), Reason.FileIsReencoded },
            { "taken for text, with a photo", Reencode([.. s_pdf, .. RandomBytes(500_000), .. "%%EOF"u8]), Reason.FileIsReencoded },
            { "what text holds", Replace(s_pdf, "(x)", "(\uFFFD\uFFFD)"), null },
        };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task It_is_taken_if_readers_open_it_and_refused_with_the_right_word_if_they_do_not(string kind, byte[] pdf, string? code)
    {
        Assert.Equal((kind, code), (kind, await ProblemOfAsync(pdf, PdfFeatures.None)));
        Assert.Equal((kind, code), (kind, await ProblemOfAsync(pdf, PdfFeatures.JavaScript)));
    }

    [Fact]
    public void Memory_stays_small_for_packed_objects()
    {
        byte[][] pdfs =
        [
            .. Opaque.Select(row => row.Data.Item2),
            PackedPdf.Create(objects: [.. Enumerable.Repeat(new string(' ', 1000), 20_000)]),
        ];
        foreach (var pdf in pdfs)
        {
            var scan = new PdfScanner();
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var part in pdf.Chunk(128 * 1024))
                scan.Read(part);

            // Chunk copies the file; beyond that a few times the longest set of objects that is looked into.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before - pdf.Length, 0, 16_000_000);
        }
    }

    [Fact]
    public void No_bytes_confuse_it()
    {
        var seed = Variable.Number("SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={seed}");
        var random = new Random(seed);
        var whole = PackedPdf.Create(Script, ["<< /Type /EmbeddedFile >>"]);
        for (var i = 0; i < 2000; i++)
        {
            var pdf = whole.ToArray();
            for (var damage = random.Next(1, 20); damage > 0; damage--)
                pdf[random.Next(pdf.Length)] = (byte)random.Next(256);
            Assert.Equal(Features(pdf, int.MaxValue), Features(pdf, random.Next(1, 50)));
        }
    }

    [Fact]
    public async Task A_script_is_refused_in_the_open_and_packed_and_a_password()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        await desk.DropAsync("script.pdf", [.. CertificateDesk.Pdf("x"), .. "1 0 obj << /S /JavaScript >> endobj %%EOF"u8]);
        await desk.DropAsync("packed.pdf", PackedPdf.Create(Script));
        await desk.DropAsync("bomb.pdf", PackedPdf.Create(pack: content => PackedPdf.Deflate([.. content, .. new byte[100_000_000]])));
        await desk.DropAsync("password.pdf", [.. CertificateDesk.Pdf("x"), .. "trailer << /Encrypt 9 0 R >> %%EOF"u8]);
        await desk.DropAsync("plain.pdf", PackedPdf.Create());
        await desk.SweepAsync();

        Assert.Equal(Reason.PdfHasScript, (await desk.RejectionAsync("script.pdf"))?.Code);
        Assert.Equal(Reason.PdfHasScript, (await desk.RejectionAsync("packed.pdf"))?.Code);
        Assert.Equal(Reason.PdfIsOpaque, (await desk.RejectionAsync("bomb.pdf"))?.Code);
        Assert.Equal(Reason.PdfNeedsPassword, (await desk.RejectionAsync("password.pdf"))?.Code);
        Assert.NotNull(await desk.ReceiptAsync("plain.pdf"));
        Assert.Single(desk.Posts);
    }

    private static byte[] Replace(byte[] pdf, string old, string by)
    {
        var text = Encoding.Latin1.GetString(pdf);
        Assert.Contains(old, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(old, by, StringComparison.Ordinal));
    }

    /// <summary>A PDF of plain objects.</summary>
    /// <param name="catalog">More entries of its first dictionary.</param>
    /// <param name="objects">More objects, from number 4 on.</param>
    internal static byte[] Plain(string catalog, params string[] objects)
    {
        string[] all =
        [
            $"<< /Type /Catalog /Pages 2 0 R {catalog} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>", .. objects,
        ];
        var (pdf, places) = (new StringBuilder("%PDF-1.7\n"), new StringBuilder());
        foreach (var (index, body) in all.Index())
        {
            places.Append(System.Globalization.CultureInfo.InvariantCulture, $"{pdf.Length:D10} 00000 n \n");
            pdf.Append($"{index + 1} 0 obj\n{body}\nendobj\n");
        }

        var table = pdf.Length;
        pdf.Append($"xref\n0 {all.Length + 1}\n0000000000 65535 f \n{places}");
        pdf.Append($"trailer\n<< /Size {all.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(pdf.ToString());
    }

    /// <summary>Packed objects of which one begins within another.</summary>
    private static byte[] Hidden(string before, string hidden, string behind, string endOfTable = " ")
    {
        var (first, inner) = ($"<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >>\n", "<< /Type /Page >>\n");
        var numbers = $"1 0 3 {first.Length} 4 {first.Length + inner.Length} 5 {first.Length + inner.Length + before.Length}{endOfTable}";
        var packed = PackedPdf.Deflate(Encoding.Latin1.GetBytes($"{numbers}{first}{inner}{before}{hidden}{behind}"));
        return
        [
            .. "%PDF-1.7\n"u8,
            .. Encoding.Latin1.GetBytes(
                $"9 0 obj << /Type /ObjStm /N 4 /First {numbers.Length} /Filter /FlateDecode /Length {packed.Length} >>\nstream\n"),
            .. packed, .. "\nendstream\nendobj\n%%EOF"u8,
        ];
    }

    private static byte[] Named(byte[] pdf, string name, string by)
        => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(pdf).Replace(name, by, StringComparison.Ordinal));

    /// <summary>A stream is packed without being made smaller, so that the word in it stays as it is.</summary>
    private static byte[] Ended(string catalog)
        => PackedPdf.Create(
            $"/T (endstream) {catalog}",
            pack: content =>
            {
                var packed = new MemoryStream();
                using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.NoCompression))
                    zlib.Write(content);
                return packed.ToArray();
            });

    private static byte[] Reencode(byte[] bytes) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static async Task<string?> ProblemOfAsync(byte[] pdf, PdfFeatures refused)
        => (await FileInspection.ReadAsync(new MemoryStream(pdf), Cancellation)).FindProblem(FileType.Of("x.pdf")!, refused);

    /// <summary>What is found when a file comes in parts of a size.</summary>
    private static (PdfFeatures Features, bool IsOpaque, bool HasPage, bool HasEnd) Features(byte[] pdf, int size)
    {
        var scan = new PdfScanner();
        Read(scan);
        if (scan.Again() is { } again)
            Read(scan = again);
        return (scan.Features, scan.IsOpaque, scan.HasPage, scan.HasEnd);

        void Read(PdfScanner scan)
        {
            foreach (var part in pdf.Chunk(size))
                scan.Read(part);
            scan.End();
        }
    }

    // What cannot be made smaller by deflating it.
    private static string Noise(int length)
    {
        var noise = new byte[length];
        new Random(1).NextBytes(noise);
        return Convert.ToBase64String(noise);
    }
}
