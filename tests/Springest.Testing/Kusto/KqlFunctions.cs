using System.Globalization;

namespace Springest.Testing.Kusto;

/// <summary>The functions that queries may call.</summary>
internal static class KqlFunctions
{
    /// <summary>Functions of values.</summary>
    public static IReadOnlyDictionary<string, Func<object?[], object?>> Scalars { get; } = new Dictionary<string, Func<object?[], object?>>
    {
        ["tostring"] = values => Text(values[0]),
        ["toint"] = values => ToNumber(values[0]),
        ["todouble"] = values => ToNumber(values[0]),
        ["not"] = values => values[0] is not true,
        ["isnull"] = values => values[0] is null,
        ["isempty"] = values => Text(values[0]) == "",
        ["isnotempty"] = values => Text(values[0]) != "",
        ["strcat"] = values => string.Concat(values.Select(Text)),
        ["strcat_array"] = values => string.Join(Text(values[1]), ((object?[])values[0]!).Select(Text)),
        ["coalesce"] = values => values.FirstOrDefault(value => value is not (null or "")),
        ["iff"] = values => values[0] is true ? values[1] : values[2],
        ["case"] = values => values.Chunk(2).First(pair => pair is [_] or [true, _])[^1],
        ["replace_string"] = values => Text(values[0]).Replace(Text(values[1]), Text(values[2]), StringComparison.Ordinal),
        ["bin"] = values => values is [DateTimeOffset time, TimeSpan width]
            ? new DateTimeOffset(time.UtcTicks / width.Ticks * width.Ticks, TimeSpan.Zero)
            : throw new KqlException("bin() is known for points in time only."),
    };

    /// <summary>Functions of the rows of a group: each gets the values of its arguments for each row.</summary>
    public static IReadOnlyDictionary<string, Func<object?[][], object?>> Aggregates { get; } =
        new Dictionary<string, Func<object?[][], object?>>
        {
            ["count"] = rows => (double)rows.Length,
            ["countif"] = rows => (double)rows.Count(row => row[0] is true),
            ["dcount"] = rows => (double)rows.Select(row => row[0]).Distinct().Count(),
            ["sum"] = rows => rows.Sum(row => row[0] as double? ?? 0),
            ["sumif"] = rows => rows.Where(row => row[1] is true).Sum(row => row[0] as double? ?? 0),
            ["minif"] = rows => rows.Where(row => row[1] is true).Min(row => row[0]),
            ["maxif"] = rows => rows.Where(row => row[1] is true).Max(row => row[0]),
            ["min"] = rows => rows.Select(row => row[0]).Where(value => value is not null).Min(),
            ["max"] = rows => rows.Select(row => row[0]).Where(value => value is not null).Max(),
            ["make_list"] = rows => rows.Select(row => row[0]).Where(value => value is not null).ToArray(),
            ["percentile"] = rows =>
                rows.Select(row => row[0]).Where(value => value is not null).Order().ToArray() is { Length: > 0 } values
                    ? values[(int)Math.Min(values.Length - 1, values.Length * (double)rows[0][1]! / 100)]
                    : null,
        };

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static double? ToNumber(object? value)
        => value as double?
        ?? (double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null);
}
