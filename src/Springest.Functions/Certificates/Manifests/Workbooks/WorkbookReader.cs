using System.Globalization;
using System.Text;
using System.Xml;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Manifests.Workbooks;

/// <summary>
/// Reads the first visible sheet of a workbook (.xlsx) row by row: what its cells show, formulas by the results that were saved with them.
/// A damaged or malicious file costs little time and memory.
/// </summary>
internal sealed class WorkbookReader : IDisposable
{
    // More than a list's cells can use; beyond this the memory would not be small.
    private const int MaxTexts = 250_000;
    private const int MaxCharacters = 5 * 1024 * 1024;

    private const NumberStyles Number = NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    private readonly WorkbookPackage _package;
    private readonly WorkbookXml _sheet;
    private readonly List<string> _texts = [];
    private readonly NumberFormats _formats = new();
    private readonly StringBuilder _text = new();
    private int _row, _column;
    private long _characters;

    /// <exception cref="ManifestException">It is no workbook, or none that can be read.</exception>
    public WorkbookReader(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            _package = new WorkbookPackage(bytes);
            var book = _package.ReferencesOf("").Values.FirstOrDefault(part => part.Kind == "officeDocument").Part
                ?? throw new InvalidDataException("It has no document.");
            var parts = _package.ReferencesOf(book);
            var sheet = ReadBook(book, parts);
            using (var styles = Open(parts, "styles"))
            {
                if (styles is not null)
                    _formats.Read(styles);
            }

            using (var texts = Open(parts, "sharedStrings"))
            {
                if (texts is not null)
                    ReadTexts(texts);
            }

            _sheet = _package.Open(sheet) ?? throw new InvalidDataException("The sheet is not there.");
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged();
        }
    }

    /// <summary>What its dates count from.</summary>
    public Epoch Epoch { get; private set; } = Epoch.Of1900;

    /// <summary>Its rows that have a cell.</summary>
    /// <exception cref="ManifestException">It cannot be read to its end.</exception>
    public IEnumerable<ManifestRow> ReadRows()
    {
        while (Next() is { } row)
            yield return row;
    }

    /// <summary>
    /// Looks for merged cells that hide a value: only the first of their rows has it, although it is meant for all. To be called after
    /// <see cref="ReadRows"/>, since they are written behind the rows.
    /// </summary>
    /// <param name="rows">The rows that matter, in order.</param>
    /// <param name="columns">How many columns matter, from the first on.</param>
    /// <returns>The first such cells, as D2:D3; null if there are none.</returns>
    public string? FindMerged(int[] rows, int columns)
    {
        try
        {
            while (_sheet.Read() && _sheet is not { Kind: XmlNodeType.EndElement, Name: "mergeCells" })
            {
                if (_sheet is { Kind: XmlNodeType.Element, Name: "mergeCell" } && _sheet.Attribute("ref") is { } cells
                    && Hides(cells.Split(':'), rows, columns))
                    return cells;
            }

            return null;
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged();
        }
    }

    public void Dispose()
    {
        _sheet.Dispose();
        _package.Dispose();
    }

    /// <summary>Decodes how characters are written that XML does not have.</summary>
    public static string Decode(string text) => text.Contains("_x", StringComparison.Ordinal) ? XmlConvert.DecodeName(text) : text;

    private static bool IsDamage(Exception e)
        => e is XmlException or InvalidDataException or IOException or NotSupportedException or FormatException or ArgumentException
            or OverflowException;

    private static ManifestException Damaged() => new(Reason.ManifestNotWorkbook, null, Cause.Damaged);

    private WorkbookXml? Open(Dictionary<string, (string Kind, string Part)> parts, string kind)
        => parts.Values.FirstOrDefault(part => part.Kind == kind).Part is { } part ? _package.Open(part) : null;

    /// <returns>The part of the first visible sheet.</returns>
    private string ReadBook(string book, Dictionary<string, (string Kind, string Part)> parts)
    {
        var sheet = default(string);
        using var xml = _package.Open(book) ?? throw new InvalidDataException("The document is not there.");
        while (xml.Read())
        {
            if (xml.Kind != XmlNodeType.Element)
                continue;
            if (xml.Name == "workbookPr" && xml.Attribute("date1904") is "1" or "true" or "on")
                Epoch = Epoch.Of1904;
            if (xml.Name == "sheet" && sheet is null && xml.Attribute("state") is null or "visible"
                && xml.AnyAttribute("id") is { } id && parts.TryGetValue(id, out var part) && part.Kind == "worksheet")
                sheet = part.Part;
        }

        return sheet ?? throw new ManifestException(Reason.ManifestNotWorkbook, null, Cause.NoSheet);
    }

    /// <summary>The texts that cells refer to by their number.</summary>
    private void ReadTexts(WorkbookXml xml)
    {
        // Beside the text of some languages stands how it is pronounced.
        var (isText, isPronounced) = (false, false);
        while (xml.Read())
        {
            var isBegin = xml is { Kind: XmlNodeType.Element, IsEmpty: false };
            if (xml.Name == "t")
                isText = isBegin;
            else if (xml.Name == "rPh")
                isPronounced = isBegin;
            else if (xml.Name == "si" && isBegin)
                _text.Clear();
            else if (xml.Name == "si")
                AddText(xml.Kind == XmlNodeType.EndElement ? Decode(_text.ToString()) : "");
            else if (isText && !isPronounced)
                xml.AppendTo(_text);
        }

        _characters = 0;
    }

    private void AddText(string text)
    {
        _texts.Add(text);
        _characters += text.Length;
        if (_texts.Count > MaxTexts || _characters > MaxCharacters)
            throw ManifestException.TooLarge(null);
    }

    private ManifestRow? Next()
    {
        try
        {
            var cells = new List<ManifestCell>();
            while (_sheet.Read())
            {
                if (_sheet.Name == "sheetData" && _sheet.Kind == XmlNodeType.EndElement)
                    return null;
                if (_sheet.Name == "row" && _sheet.Kind == XmlNodeType.Element)
                    (_row, _column) = (
                        int.TryParse(_sheet.Attribute("r"), Number, CultureInfo.InvariantCulture, out var row) ? row : _row + 1, 0);
                else if (_sheet.Name == "row" && cells.Count > 0)
                    return new ManifestRow(_row, cells);
                else if (_sheet is { Kind: XmlNodeType.Element, Name: "c" })
                    ReadCell(cells);
            }

            return null;
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged();
        }
    }

    private static bool Hides(string[] corners, int[] rows, int columns)
    {
        var (column, first, last) = (CellReference.Column(corners[0]), CellReference.Row(corners[0]), CellReference.Row(corners[^1]));
        if (column is null || first is null || last is null)
            throw Damaged();
        var next = Array.BinarySearch(rows, first.Value + 1);
        next = next < 0 ? ~next : next;
        return column < columns && next < rows.Length && rows[next] <= last;
    }

    private void ReadCell(List<ManifestCell> cells)
    {
        var (place, kind, style) = (_sheet.Attribute("r"), _sheet.Attribute("t"), _sheet.Attribute("s"));
        // Not all programs name the places of cells, and empty cells have theirs too.
        var column = place is null ? _column : CellReference.Column(place) ?? throw Damaged();
        _column = column + 1;
        var (isRead, isPronounced, hasValue, hasFormula) = (false, false, false, false);
        _text.Clear();
        for (var isOpen = !_sheet.IsEmpty; isOpen && _sheet.Read();)
        {
            var isBegin = _sheet.Kind == XmlNodeType.Element;
            switch (_sheet.Name)
            {
                case "c":
                    isOpen = false;
                    break;
                case "v" or "t":
                    (isRead, hasValue) = (isBegin && !_sheet.IsEmpty && !isPronounced, hasValue || isBegin);
                    break;
                case "rPh":
                    isPronounced = isBegin && !_sheet.IsEmpty;
                    break;
                case "f":
                    hasFormula = true;
                    break;
                default:
                    if (isRead)
                        _sheet.AppendTo(_text);
                    break;
            }
        }

        var text = _text.ToString();
        var cell = hasFormula && (!hasValue || (text.Length == 0 && kind != "str")) ? new ManifestCell("", Reason.ManifestCellUncomputed)
            : hasValue ? Cell(text, kind, style)
            : new ManifestCell("");
        if (cell.Fault is null && string.IsNullOrEmpty(cell.Text))
            return;
        _characters += cell.Text.Length;
        if (column >= ManifestParser.MaxColumns || _characters > MaxCharacters)
            throw ManifestException.TooLarge(_row);
        while (cells.Count <= column)
            cells.Add(new ManifestCell(""));
        cells[column] = cell;
    }

    private ManifestCell Cell(string text, string? kind, string? style)
        => kind switch
        {
            "s" => new(_texts[int.Parse(text, Number, CultureInfo.InvariantCulture)]),
            "str" or "inlineStr" => new(Decode(text)),
            "b" => new(text.Trim() is "1" or "true" ? "TRUE" : "FALSE"),
            "e" => new(text, Reason.ManifestCellError),
            // Midnight is what a date without a time of day has.
            "d" => new(text.Split('.', 'Z')[0]),
            _ => new(NumberText(text.Trim(), style)),
        };

    private string NumberText(string text, string? style)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return text.Length == 0 ? "" : throw Damaged();
        return (_formats.IsDate(style) ? Epoch.DateOf(number) : null)
            ?? (Math.Abs(number) < 1e15 && number == Math.Floor(number) ? ((long)number).ToString(CultureInfo.InvariantCulture) : text);
    }
}
