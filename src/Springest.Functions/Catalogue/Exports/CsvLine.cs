using System.Globalization;
using System.Text;

namespace Springest.Functions.Catalogue.Exports;

/// <summary>A line of CSV (RFC 4180) that a spreadsheet shows as it is: no text is taken for a formula.</summary>
internal static class CsvLine
{
    /// <summary>What a spreadsheet takes for the beginning of a formula, or skips before one; some also in full width.</summary>
    private const string FormulaStarts = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

    public static string Of(IEnumerable<object?> values) => string.Join(',', values.Select(Field)) + "\r\n";

    private static string Field(object? value) => value switch
    {
        null => "",
        string text => Quote(text),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        if (text.Length > 0 && FormulaStarts.Contains(text[0], StringComparison.Ordinal))
            quoted.Append('\'');
        return quoted.Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"').ToString();
    }
}
