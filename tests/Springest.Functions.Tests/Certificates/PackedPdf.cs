using System.IO.Compression;
using System.Text;

namespace Springest.Functions.Tests.Certificates;

/// <summary>
/// PDF documents as programs write them today: the objects in one compressed stream, where nobody reads them without inflating it.
/// </summary>
internal static class PackedPdf
{
    /// <param name="catalog">More entries of the document's first dictionary.</param>
    /// <param name="objects">More objects, from number 4 on.</param>
    /// <param name="pack">How the objects are packed, if otherwise than deflated.</param>
    /// <param name="filter">What the stream says about that.</param>
    /// <param name="trailer">More entries of the trailer, which is not packed.</param>
    public static byte[] Create(
        string catalog = "",
        string[]? objects = null,
        Func<byte[], byte[]>? pack = null,
        string filter = "/Filter /FlateDecode",
        string trailer = "")
    {
        string[] all =
        [
            $"<< /Type /Catalog /Pages 2 0 R {catalog} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>", .. objects ?? [],
        ];
        var (numbers, bodies) = (new StringBuilder(), new StringBuilder());
        foreach (var (index, body) in all.Index())
        {
            numbers.Append($"{index + 1} {bodies.Length} ");
            bodies.Append($"{body}\n");
        }

        var packed = (pack ?? Deflate)(Encoding.Latin1.GetBytes($"{numbers}{bodies}"));
        var (stream, table) = (all.Length + 1, all.Length + 2);
        byte[] pdf = [.. "%PDF-1.7\n%\u00E2\u00E3\u00CF\u00D3\n"u8];
        var streamAt = pdf.Length;
        pdf =
        [
            .. pdf,
            .. Latin(
                $"{stream} 0 obj\n<< /Type /ObjStm /N {all.Length} /First {numbers.Length} {filter} /Length {packed.Length} >>\nstream\n"),
            .. packed,
            .. Latin("\nendstream\nendobj\n"),
        ];
        var tableAt = pdf.Length;
        byte[] places =
        [
            .. Place(0, 0, 255),
            .. all.Index().SelectMany(each => Place(2, stream, each.Index)),
            .. Place(1, streamAt, 0),
            .. Place(1, tableAt, 0),
        ];
        return
        [
            .. pdf,
            .. Latin(
                $"{table} 0 obj\n<< /Type /XRef /Size {table + 1} /W [1 4 1] /Root 1 0 R {trailer} /Length {places.Length} >>\nstream\n"),
            .. places,
            .. Latin($"\nendstream\nendobj\nstartxref\n{tableAt}\n%%EOF\n"),
        ];
    }

    public static byte[] Deflate(byte[] content)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
            zlib.Write(content);
        return packed.ToArray();
    }

    private static byte[] Place(int type, int where, int index)
        => [(byte)type, (byte)(where >> 24), (byte)(where >> 16), (byte)(where >> 8), (byte)where, (byte)index];

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);
}
