using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Inspection;
using Springest.Functions.Certificates.Manifests;
using Springest.Testing.Certificates;

namespace Springest.Benchmarks.Certificates;

/// <summary>Files of 10 MB that are made to cost as much as they can: what the worst of each kind takes.</summary>
internal static class WorstFiles
{
    private const int Size = 10_000_000;
    private const double MostMemory = 64;
    private const double MostTime = 5;

    private static readonly ManifestParser s_parser = new(Options.Create(new CertificatesOptions()));

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await MeasureAsync(report, "PDF", Pdfs(), async pdf => await FileInspection.ReadAsync(new MemoryStream(pdf), cancellationToken));
        await MeasureAsync(report, "CSV", Texts(), csv => Task.FromResult<object>(s_parser.Parse("x", Manifest.Csv, csv)));
        await MeasureAsync(report, "workbook", Workbooks(), book => Task.FromResult<object>(s_parser.Parse("x", Manifest.Workbook, book)));
    }

    private static async Task MeasureAsync(Report report, string kind, IEnumerable<byte[]> files, Func<byte[], Task<object>> read)
    {
        var (memory, time) = (0.0, 0.0);
        foreach (var file in files)
        {
            await read(file[..Math.Min(file.Length, 100_000)]);
            var watch = Stopwatch.StartNew();
            await read(file);
            time = Math.Max(time, watch.Elapsed.TotalSeconds);
            memory = Math.Max(memory, await MostAsync(() => read(file)));
        }

        report.AtMost(MostTime, $"the worst {kind} of 10 MB: time", time, "s");
        report.AtMost(MostMemory, $"the worst {kind} of 10 MB: memory over idle, beside the file itself", memory, "MB");
    }

    /// <summary>
    /// The most memory in use while something goes on, beyond what was before. Nothing is collected on purpose meanwhile, so that what is
    /// garbage already counts until the runtime gets rid of it by itself, as it does in the app.
    /// </summary>
    private static async Task<double> MostAsync(Func<Task> work)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (most, isOver) = (before, false);
        var watcher = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
                Thread.Yield();
            }
        });
        watcher.Start();
        await work();
        Volatile.Write(ref isOver, true);
        watcher.Join();
        return (most - before) / 1e6;
    }

    private static IEnumerable<byte[]> Pdfs()
    {
        yield return Filled("");
        yield return Filled("(");
        yield return Filled("<<");
        yield return Filled("/JavaScrip#74 ");
        yield return Filled("1 0 obj(");
        yield return Filled("1 0 obj<</N 9/First 9>>stream\nendstream ");
        yield return Filled("xref ");
        yield return Filled("1 0 obj<</Standard/O()/U<" + new string('0', 96) + ">/R 6>>endobj ");
        var bomb = Deflate(new byte[200_000_000]);
        yield return [.. "%PDF-1.7\n"u8, .. Enumerable.Repeat(Packed("/N 1/First 9", bomb), Size / bomb.Length).SelectMany(each => each)];
        var places = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i} {i} "));
        var objects = Deflate(Encoding.ASCII.GetBytes(places + Text("<</S/X>>", 4_000_000)));
        yield return
        [
            .. "%PDF-1.7\n"u8,
            .. Enumerable.Repeat(Packed("/N 100000/First 1200000", objects), Size / objects.Length).SelectMany(each => each),
        ];
    }

    private static IEnumerable<byte[]> Texts()
    {
        yield return Encoding.UTF8.GetBytes("file;email\n" + Text("a.pdf;b\n", Size));
        foreach (var line in (string[])["a.pdf;jo@example.test\n", "\"\"\"\";\"\n\"\n", ";;;;;;;;;;;;;;;;;;;;;;\n", "\u200B;\u00E4\n", "x"])
            yield return Encoding.UTF8.GetBytes("file;email\n" + Text(line, ManifestParser.MaxSize - 100));
        yield return Encoding.Latin1.GetBytes("file;email\n" + Text("\u00E4.pdf;jo@example.test\n", ManifestParser.MaxSize - 100));
    }

    private static IEnumerable<byte[]> Workbooks()
    {
        yield return new byte[Size];
        yield return Book("xl/worksheets/sheet1.xml", $"<x><sheetData>{Text("<row><c><v>1</v></c></row>", 48_000_000)}</sheetData></x>");
        yield return Book("xl/worksheets/sheet1.xml", Text("<a>", 20_000_000));
        yield return Book("xl/worksheets/sheet1.xml", $"<x>{string.Concat(Enumerable.Range(0, 2_000_000).Select(i => $"<n{i}/>"))}</x>");
        yield return Book("xl/worksheets/sheet1.xml", $"<x a=\"{Noise(4_000_000)}\"/>");
        var texts = string.Concat(Enumerable.Range(0, 240_000).Select(i => $"<si><t>{i:D20}</t></si>"));
        yield return Book("xl/sharedStrings.xml", $"<sst>{texts}</sst>");
        yield return Book("xl/sharedStrings.xml", $"<sst>{Text("<si/>", 40_000_000)}</sst>");
        var names = Enumerable.Range(0, 20_000).Select(i => $"{i}{Noise(150)}.pdf").Prepend("file");
        var rows = string.Concat(names.Select(name => $"<row><c t=\"inlineStr\"><is><t>{name}</t></is></c></row>"));
        yield return Book("xl/worksheets/sheet1.xml", $"<x><sheetData>{rows}</sheetData></x>");
    }

    private static byte[] Book(string part, string content)
        => SampleWorkbook.Of(["file", "email"], ["a.pdf", "jo@example.test"]).With(part, content).ToBytes();

    private static byte[] Filled(string by)
    {
        if (by.Length > 0)
            return Encoding.ASCII.GetBytes("%PDF-1.7\n" + Text(by, Size));
        var noise = new byte[Size];
        new Random(1).NextBytes(noise);
        return [.. "%PDF-1.7\n"u8, .. noise];
    }

    private static byte[] Packed(string what, byte[] content)
        => [.. Encoding.ASCII.GetBytes($"1 0 obj<<{what}/Filter/FlateDecode>>stream\n"), .. content, .. "\nendstream\nendobj\n"u8];

    private static byte[] Deflate(byte[] content)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
            zlib.Write(content);
        return packed.ToArray();
    }

    private static string Text(string by, int length) => new StringBuilder(length + by.Length).Insert(0, by, length / by.Length).ToString();

    private static string Noise(int length)
    {
        var bytes = new byte[(length * 3 / 4) + 3];
        new Random(length).NextBytes(bytes);
        return Convert.ToBase64String(bytes)[..length];
    }
}
