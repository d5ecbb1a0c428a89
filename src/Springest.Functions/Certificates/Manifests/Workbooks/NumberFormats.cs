using System.Globalization;
using System.Xml;

namespace Springest.Functions.Certificates.Manifests.Workbooks;

/// <summary>Which styles of a workbook show a number as a date.</summary>
internal sealed class NumberFormats
{
    private const int Most = 65_536;

    private readonly HashSet<int> _dates = [];
    private readonly List<int> _styles = [];

    /// <summary>Whether a cell of a style shows a date.</summary>
    public bool IsDate(string? style)
        => int.TryParse(style, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _styles.Count
            && (IsBuiltInDate(_styles[index]) || _dates.Contains(_styles[index]));

    public void Read(WorkbookXml styles)
    {
        var isOfCells = false;
        while (styles.Read())
        {
            if (styles.Name == "cellXfs")
                isOfCells = styles.Kind == XmlNodeType.Element;
            if (styles.Kind != XmlNodeType.Element || !int.TryParse(
                styles.Attribute("numFmtId") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var format))
                continue;
            if (styles.Name == "numFmt" && IsDateFormat(styles.Attribute("formatCode") ?? ""))
                _dates.Add(format);
            if (styles.Name == "xf" && isOfCells)
                _styles.Add(format);
            if (_dates.Count > Most || _styles.Count > Most)
                throw ManifestException.TooLarge(null);
        }
    }

    // Those that have no code in the file; from 27 on they are of East Asian languages.
    private static bool IsBuiltInDate(int format)
        => format is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58);

    /// <summary>Whether a format has a part of a date or time in its first section, outside of quotes and brackets.</summary>
    internal static bool IsDateFormat(string code)
    {
        for (var i = 0; i < code.Length && code[i] != ';'; i++)
        {
            if (code[i] is '\\' or '_' or '*')
                i++;
            else if (code[i] is '"' or '[' && code.IndexOf(code[i] == '[' ? ']' : '"', i + 1) is var end and > 0)
                i = end;
            else if (char.ToLowerInvariant(code[i]) is 'y' or 'm' or 'd' or 'h' or 's')
                return true;
        }

        return false;
    }
}
