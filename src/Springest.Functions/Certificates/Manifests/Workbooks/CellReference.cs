using System.Globalization;

namespace Springest.Functions.Certificates.Manifests.Workbooks;

/// <summary>Names of cells such as C7.</summary>
internal static class CellReference
{
    /// <summary>The column of a cell, 0 for A; null if that is no name of one.</summary>
    public static int? Column(ReadOnlySpan<char> cell)
    {
        var column = 0;
        var length = 0;
        while (length < cell.Length && char.IsAsciiLetterUpper(cell[length]) && length < 4)
            column = (column * 26) + cell[length++] - 'A' + 1;
        return length is >= 1 and <= 3 ? column - 1 : null;
    }

    /// <summary>The row of a cell, 1 for the first; null if that is no name of one.</summary>
    public static int? Row(ReadOnlySpan<char> cell)
        => cell.IndexOfAnyInRange('0', '9') is var start and > 0
            && int.TryParse(cell[start..], NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : null;

    /// <summary>The name of a column, A for 0.</summary>
    public static string ColumnName(int column)
        => column < 26 ? $"{(char)('A' + column)}" : $"{ColumnName((column / 26) - 1)}{(char)('A' + (column % 26))}";
}
