namespace Springest.Testing.Kusto;

/// <summary>A table: named columns, and rows with a value for each.</summary>
public sealed record KqlTable(IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows)
{
    /// <summary>The rows as texts, for messages.</summary>
    public override string ToString()
        => string.Join(
            '\n',
            Rows.Select(row => string.Join(", ", Columns.Zip(row, (column, value) => FormattableString.Invariant($"{column}={value}")))));
}
