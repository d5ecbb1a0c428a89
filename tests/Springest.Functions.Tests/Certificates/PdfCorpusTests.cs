using System.IO.Compression;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Inspection;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Tests.Certificates;

/// <summary>
/// PDFs of many programs, good, damaged and dangerous ones (Corpus/make-pdfs.py), with what qpdf and mutool say of each: accepted is what
/// readers open, refused what they do not, with the right word.
/// </summary>
public sealed class PdfCorpusTests
{
    // Refused though it opens, for what it does then or what cannot be seen in it.
    private static readonly string[] s_dangers = [Reason.PdfHasScript, Reason.PdfLaunches, Reason.PdfIsOpaque];

    private static readonly List<Entry> s_entries = [.. File.ReadLines(PathOf("pdfs.tsv")).Skip(1).Select(Entry.Of)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_file_comes_to_what_was_decided()
    {
        var wrong = new List<string>();
        await using var archive = await ZipFile.OpenReadAsync(PathOf("pdfs.zip"), Cancellation);
        foreach (var entry in s_entries)
        {
            using var content = new MemoryStream(Read(archive, entry.Name));
            var read = await FileInspection.ReadAsync(content, Cancellation);
            var code = read.FindProblem(FileType.Of(entry.Name)!, new CertificatesOptions().RefusedPdfFeatures);
            if (code != entry.Code)
                wrong.Add($"{entry.Name}: {code ?? "accepted"} instead of {entry.Code ?? "accepted"}");
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
        Assert.Equal(archive.Entries.Count, s_entries.Count);
        Assert.InRange(s_entries.Count, 150, int.MaxValue);
    }

    /// <summary>Encrypted files are told apart by whether they open without a password, whatever they are encrypted with.</summary>
    [Fact]
    public async Task Every_encrypted_file_opens_or_needs_its_password()
    {
        await using var archive = await ZipFile.OpenReadAsync(PathOf("pdfs.zip"), Cancellation);
        foreach (var entry in s_entries.Where(entry => entry.Name.Contains("restricted", StringComparison.Ordinal)
            || entry.Name.Contains("password", StringComparison.Ordinal)))
        {
            using var content = new MemoryStream(Read(archive, entry.Name));
            var found = (await FileInspection.ReadAsync(content, Cancellation)).Pdf.Features;
            Assert.Equal(
                (entry.Name, entry.Code is null ? PdfFeatures.Restricted : PdfFeatures.NeedsPassword),
                (entry.Name, found & (PdfFeatures.Restricted | PdfFeatures.NeedsPassword)));
        }
    }

    /// <summary>Where the app and the two programs do not agree, somebody has written down why.</summary>
    [Fact]
    public void Where_the_programs_disagree_there_is_a_reason()
    {
        foreach (var entry in s_entries)
        {
            var isOpened = entry.Qpdf is ("good" or "repaired", > 0) && entry.Mutool is ("good" or "repaired", > 0);
            var agree = entry.Code is null ? isOpened
                : entry.Code == Reason.PdfNeedsPassword ? entry is { Qpdf.Verdict: "password", Mutool.Verdict: "password" }
                : s_dangers.Contains(entry.Code) || !isOpened;
            Assert.True(agree || entry.Remark is not "", entry.Name);
        }
    }

    /// <summary>A file of the corpus.</summary>
    internal static byte[] Read(string name)
    {
        using var archive = ZipFile.OpenRead(PathOf("pdfs.zip"));
        return Read(archive, name);
    }

    private static byte[] Read(ZipArchive archive, string name)
    {
        using var content = archive.GetEntry(name)!.Open();
        var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Certificates", "Corpus", name);

    private sealed record Entry(
        string Name, (string Verdict, int Pages) Qpdf, (string Verdict, int Pages) Mutool, string? Code, string Remark)
    {
        public static Entry Of(string line)
        {
            var cells = line.Split('\t');
            return new(cells[0], Said(cells[1]), Said(cells[2]), cells[3] == "-" ? null : cells[3], cells[4]);
        }

        private static (string, int) Said(string cell)
            => (cell.Split(' ')[0], int.Parse(cell.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
