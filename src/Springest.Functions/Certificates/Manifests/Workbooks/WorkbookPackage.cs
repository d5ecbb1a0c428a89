using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Xml;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Manifests.Workbooks;

/// <summary>The parts of a workbook, which is a ZIP file, and how they belong together.</summary>
internal sealed class WorkbookPackage : IDisposable
{
    /// <summary>What all parts may come to.</summary>
    public const long MaxInflated = 50 * 1024 * 1024;

    private const int MaxParts = 200;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _parts;
    private readonly long _size;
    private long _inflated;

    public WorkbookPackage(ReadOnlyMemory<byte> bytes)
    {
        RequireZip(bytes.Span);
        _size = bytes.Length;
        var content = MemoryMarshal.TryGetArray(bytes, out var array) ? array : new ArraySegment<byte>(bytes.ToArray());
        _zip = new ZipArchive(new MemoryStream(content.Array!, content.Offset, content.Count, writable: false));
        if (_zip.Entries.Count > MaxParts)
            throw new ManifestException(Reason.ManifestNotWorkbook, null, Cause.TooManyParts);
        // Of two parts of one name, programs do not all read the same.
        _parts = new Dictionary<string, ZipArchiveEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in _zip.Entries)
        {
            if (!_parts.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/'), entry))
                throw new InvalidDataException("Two parts have the same name.");
        }
    }

    /// <summary>Opens a part; null if there is none of that name.</summary>
    public WorkbookXml? Open(string part)
        => _parts.TryGetValue(part, out var entry)
            ? new WorkbookXml(new PartStream(entry.Open(), Math.Min(entry.CompressedLength, _size), Count))
            : null;

    /// <summary>What a part refers to, by the reference's id: the kind, and the part.</summary>
    /// <param name="part">The part; empty for the package.</param>
    public Dictionary<string, (string Kind, string Part)> ReferencesOf(string part)
    {
        var (folder, name) = (BlobNames.FolderOf(part), BlobNames.FileOf(part));
        var found = new Dictionary<string, (string, string)>();
        using var xml = Open($"{folder}_rels/{name}.rels");
        while (xml?.Read() == true)
        {
            if (xml is not { Kind: XmlNodeType.Element, Name: "Relationship" } || xml.Attribute("Id") is not { } id)
                continue;
            var kind = xml.Attribute("Type") ?? "";
            kind = BlobNames.FileOf(kind);
            if (xml.Attribute("TargetMode") != "External")
                found[id] = (kind, Resolve(folder, xml.Attribute("Target") ?? ""));
            else if (kind is "officeDocument" or "worksheet" or "sharedStrings" or "styles")
                throw new ManifestException(Reason.ManifestNotWorkbook, null, Cause.External);
        }

        return found;
    }

    public void Dispose() => _zip.Dispose();

    private static string Resolve(string folder, string target)
    {
        var parts = new List<string>();
        foreach (var part in (target.StartsWith('/') ? target : folder + target).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
        }

        parts.RemoveAll(part => part == ".");
        return string.Join('/', parts);
    }

    private bool Count(int length) => (_inflated += length) > MaxInflated;

    /// <summary>What Office keeps in its older container is encrypted, or a workbook of the format before.</summary>
    private static void RequireZip(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
            throw bytes.IndexOf(Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0
                ? new ManifestException(Reason.ManifestNeedsPassword, null)
                : new ManifestException(Reason.ManifestNotWorkbook, null, Cause.OldFormat);
    }
}
