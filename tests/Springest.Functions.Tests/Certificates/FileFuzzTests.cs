using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Inspection;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Metadata;
using Springest.Functions.Certificates.Reports;
using Springest.Testing;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>
/// Files that nobody made: good ones with bytes changed, cut, doubled and mixed. Each is read or refused, without an exception and within a
/// second. SPRINGEST_FUZZ_BYTES says how many bytes of each kind; SPRINGEST_FUZZ_SEED repeats a run.
/// </summary>
public sealed class FileFuzzTests
{
    private const int DefaultBytes = 400_000;

    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(1);

    // What means something to one reader or another.
    private static readonly string[] s_words =
    [
        "stream", "endstream", "endobj", "1 0 obj", "<<", ">>", "(", ")", "%", "\n", "\r\n", "/ObjStm", "/First 9", "/N 2",
        "/Encrypt 1 0 R",
        "/JavaScript", "/JS", "%%EOF", "startxref", "xref", "/ID[<00>]", "/Standard/O()/U()/P -1/R 6", "\"", ";", ",", "sep=", "\u0000",
        "\uFEFF", "<row>", "</row>", "<c t=\"s\"><v>", "</v></c>", "r=\"XFD1\"", "<is>", "<f>", "<!DOCTYPE x>", "&#0;", "_x0000_",
        "1e999", "-1", "99999999999999999999", "{", "}", "[", "]", ":", "null", "\\ud800", "../", "/", "\\", ".json", "manifest.xlsx",
        "_", "@",
    ];

    public static TheoryData<string> Kinds => [.. Targets.Keys];

    private static Dictionary<string, (byte[][] Seeds, Action<byte[]> Read)> Targets
        => new()
        {
            ["pdf"] = (
                [SamplePdf.Create("x"), PackedPdf.Create("/T (a)"), PdfTests.Plain("/Encrypt 4 0 R", Handler), .. Encrypted], ReadPdf),
            ["csv"] = (
                [Utf8("file;email;certification;valid_from\na.pdf;jo@example.test;\"x\";5-1-2026\n")],
                bytes => ReadList(Manifest.Csv, bytes)),
            ["xlsx"] = ([Book.ToBytes()], bytes => ReadList(Manifest.Workbook, bytes)),
            ["sheet"] = ([Part("xl/worksheets/sheet1.xml")], bytes => ReadBook("xl/worksheets/sheet1.xml", bytes)),
            ["texts"] = ([Part("xl/sharedStrings.xml")], bytes => ReadBook("xl/sharedStrings.xml", bytes)),
            ["book"] = ([Part("xl/workbook.xml")], bytes => ReadBook("xl/workbook.xml", bytes)),
            ["relations"] = ([Part("xl/_rels/workbook.xml.rels")], bytes => ReadBook("xl/_rels/workbook.xml.rels", bytes)),
            ["styles"] = ([Part("xl/styles.xml")], bytes => ReadBook("xl/styles.xml", bytes)),
            ["sidecar"] = (
                [Utf8("{ \"certification_id\": 3101, \"email\": \"jo@example.test\", \"valid_from\": \"2026-01-15\" }")], ReadSidecar),
            ["name"] = ([Utf8("nl/class/3101_jo@example.test_2026-01-15_2029-01-15_4711.pdf"), Utf8("nl/~$manifest.xlsx")], ReadName),
        };

    private static IEnumerable<byte[]> Encrypted
        => ((string[])["encrypted-rc4-128-script.pdf", "encrypted-aes-128-form.pdf", "encrypted-aes-256-goto.pdf"])
            .Select(PdfCorpusTests.Read);

    private static string Handler
        => $"<< /Filter /Standard /V 5 /R 6 /O <{new string('0', 96)}> /U <{new string('1', 96)}> /P -4 /Length 256 >>";

    private static SampleWorkbook Book => SampleWorkbook.Of(["file", "email", "valid_from"], ["a.pdf", "jo@example.test", "2026-01-05"]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_bytes_stop_it(string kind)
    {
        var seed = Variable.Number("SPRINGEST_FUZZ_SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper?.WriteLine($"SPRINGEST_FUZZ_SEED={seed}");
        var left = long.Parse(
            Environment.GetEnvironmentVariable("SPRINGEST_FUZZ_BYTES") ?? $"{DefaultBytes / Targets.Count}", CultureInfo.InvariantCulture);
        var (random, (seeds, read)) = (new Random(seed), Targets[kind]);
        while (left > 0)
        {
            var bytes = Change(seeds[random.Next(seeds.Length)], random);
            left -= bytes.Length;
            var took = Read(bytes);
            // On a busy machine anything takes long now and then, but hardly the same twice.
            if (took >= s_most)
                took = Read(bytes);
            Assert.True(took < s_most, $"{kind}, seed {seed}, {took}: {Convert.ToBase64String(bytes)}");
        }

        TimeSpan Read(byte[] bytes)
        {
            var watch = Stopwatch.StartNew();
            try
            {
                read(bytes);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{kind}, seed {seed}: {Convert.ToBase64String(bytes)}", e);
            }

            return watch.Elapsed;
        }
    }

    /// <summary>Inputs that once stopped it: put what a run found here.</summary>
    [Theory]
    [InlineData("csv", "")]
    [InlineData("xlsx", "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("name", "Lw==")]
    public void Past_failures_are_parsed(string kind, string input) => Targets[kind].Read(Convert.FromBase64String(input));

    private static byte[] Change(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var changes = random.Next(1, 12); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 200), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length));
                    break;
                case 3:
                    bytes.InsertRange(at, Utf8(s_words[random.Next(s_words.Length)]));
                    break;
                case 4:
                    var word = Utf8(s_words[random.Next(s_words.Length)]);
                    bytes.InsertRange(at, Enumerable.Repeat(word, random.Next(1, 300)).SelectMany(each => each));
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void ReadPdf(byte[] bytes)
    {
        // The mark in front, so that everything else is looked at.
        byte[] pdf = [.. "%PDF-1.7\n"u8, .. bytes];
        var (whole, parts) = (Scan(pdf, pdf.Length), Scan(pdf, 7));
        Assert.Equal(whole, parts);
    }

    private static (PdfFeatures, bool, bool, bool) Scan(byte[] pdf, int size)
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

    private static void ReadList(string name, byte[] bytes)
    {
        var list = new ManifestParser(Options.Create(new CertificatesOptions())).Parse("id", name, bytes);
        Assert.True(list.Lines.Count > 0 || list.Problems.Count > 0);
        foreach (var problem in list.Problems.Concat(list.Lines.SelectMany(line => line.Problems)))
            Assert.NotEmpty(Sentences.In("nl", TimeZoneInfo.Utc).Say(problem));
    }

    private static void ReadBook(string part, byte[] bytes)
    {
        var book = Book;
        book.Parts[part] = bytes;
        ReadList(Manifest.Workbook, book.ToBytes());
    }

    private static void ReadSidecar(byte[] bytes)
    {
        try
        {
            MetadataReader.Parse("x.json", bytes);
        }
        catch (JsonException)
        {
            // Refused with where it is wrong.
        }
    }

    private static void ReadName(byte[] bytes)
    {
        var name = Encoding.UTF8.GetString(bytes);
        if (name.Length == 0)
            return;
        MetadataReader.FromName(name);
        _ = (Manifest.IsOne(name), FileNames.IsLeftByProgram(name), FileNames.IsPart(name), DroppedFile.IsAddressable(name));
        Assert.InRange(BlobNames.Mark(name, "0123456789ab", 20).Length, 1, BlobNames.MaxLength);
        Assert.DoesNotContain(BlobNames.ForReceiver(name), char.IsControl);
    }

    private static byte[] Part(string name)
    {
        using var zip = new ZipArchive(new MemoryStream(Book.ToBytes()));
        using var content = zip.GetEntry(name)!.Open();
        var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
