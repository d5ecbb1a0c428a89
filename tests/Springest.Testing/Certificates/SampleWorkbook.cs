using System.IO.Compression;
using System.Security;
using System.Text;

namespace Springest.Testing.Certificates;

/// <summary>A workbook (.xlsx) as programs write it, part by part, so that a test can have any part otherwise.</summary>
public sealed class SampleWorkbook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006/relationships";

    /// <summary>Its parts by name. Those that a test has put there already are left as they are.</summary>
    public Dictionary<string, byte[]> Parts { get; } = [];

    /// <summary>The rows of its only sheet, as XML.</summary>
    public string Rows { get; set; } = "";

    public string BookProperties { get; set; } = "";

    public string Sheets { get; set; } = """<sheet name="Blad1" sheetId="1" r:id="rId1"/>""";

    /// <summary>The texts that cells of the type s refer to, each an si element.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>Codes of number formats from 164 on; the style of a cell is the place of its format here, after the common ones.</summary>
    public List<string> Formats { get; } = [];

    public CompressionLevel Compression { get; set; } = CompressionLevel.Optimal;

    /// <summary>A workbook of texts.</summary>
    public static SampleWorkbook Of(params string[][] rows)
    {
        var book = new SampleWorkbook();
        book.Rows = string.Concat(rows.Select((row, y) =>
            $"<row r=\"{y + 1}\">{string.Concat(row.Select((text, x) => book.Text($"{(char)('A' + x)}{y + 1}", text)))}</row>"));
        return book;
    }

    /// <summary>A cell with a shared text.</summary>
    public string Text(string cell, string text)
    {
        Texts.Add($"<si><t xml:space=\"preserve\">{Escape(text)}</t></si>");
        return $"<c r=\"{cell}\" t=\"s\"><v>{Texts.Count - 1}</v></c>";
    }

    public static string Escape(string text) => SecurityElement.Escape(text);

    public SampleWorkbook With(string part, string content)
    {
        Parts[part] = Encoding.UTF8.GetBytes(content);
        return this;
    }

    public byte[] ToBytes()
    {
        Add("[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>""");
        Add("_rels/.rels", Relationships(("rId1", "officeDocument", "xl/workbook.xml")));
        Add(
            "xl/_rels/workbook.xml.rels",
            Relationships(
                ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml"),
                ("rId3", "sharedStrings", "sharedStrings.xml")));
        Add(
            "xl/workbook.xml",
            $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Relations}\"><workbookPr {BookProperties}/><sheets>{Sheets}</sheets></workbook>");
        Add("xl/worksheets/sheet1.xml", $"<worksheet xmlns=\"{Main}\"><sheetData>{Rows}</sheetData></worksheet>");
        Add("xl/sharedStrings.xml", $"<sst xmlns=\"{Main}\">{string.Concat(Texts)}</sst>");
        Add(
            "xl/styles.xml",
            $"<styleSheet xmlns=\"{Main}\"><numFmts>"
                + string.Concat(Formats.Select((code, i) => $"<numFmt numFmtId=\"{164 + i}\" formatCode=\"{Escape(code)}\"/>"))
                + "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>"
                + string.Concat(Formats.Select((_, i) => $"<xf numFmtId=\"{164 + i}\"/>")) + "</cellXfs></styleSheet>");
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in Parts)
            {
                using var part = zip.CreateEntry(name, Compression).Open();
                part.Write(content);
            }
        }

        return packed.ToArray();
    }

    public static string Relationships(params (string Id, string Kind, string Target)[] all)
        => $"<Relationships xmlns=\"{Package}\">"
            + string.Concat(all.Select(each
                => $"<Relationship Id=\"{each.Id}\" Type=\"{Relations}/{each.Kind}\" Target=\"{each.Target}\"/>"))
            + "</Relationships>";

    private void Add(string part, string content) => Parts.TryAdd(part, Encoding.UTF8.GetBytes(content));
}
