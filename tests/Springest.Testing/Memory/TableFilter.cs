using System.Globalization;
using System.Text.RegularExpressions;

namespace Springest.Testing.Memory;

/// <summary>A query's <c>$filter</c>, read into a condition. Numbers compare as numbers, whatever their types.</summary>
internal sealed partial class TableFilter
{
    private readonly List<string> _tokens;
    private int _next;

    private TableFilter(string text) => _tokens = [.. Token().Matches(text).Select(match => match.Value)];

    /// <summary>The partition that a filter's every entity is in; null if it may be several.</summary>
    public string? Partition { get; private set; }

    /// <summary>The rows of that partition that they are among, both included; null if they are not bounded.</summary>
    public (string? First, string? Last) Rows { get; private set; }

    public Func<Func<string, object?>, bool> Matches { get; private set; } = _ => true;

    /// <exception cref="FormatException">It is no filter.</exception>
    public static TableFilter Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return new TableFilter("");
        var filter = new TableFilter(text);
        filter.Matches = filter.Either();
        if (filter._next != filter._tokens.Count)
            throw new FormatException("The filter goes on after its end.");
        // In a filter of conditions that must all hold.
        if (!filter._tokens.Contains("or") && !filter._tokens.Contains("not"))
        {
            filter.Partition = filter.Bound("PartitionKey", "eq");
            filter.Rows = (filter.Bound("RowKey", "eq", "gt", "ge"), filter.Bound("RowKey", "eq", "lt", "le"));
        }

        return filter;
    }

    private string? Bound(string property, params string[] comparisons)
        => Enumerable.Range(0, _tokens.Count).Where(at => _tokens[at] == property && comparisons.Contains(_tokens[at + 1]))
            .Select(at => (string)Literal(_tokens[at + 2])).FirstOrDefault();

    private Func<Func<string, object?>, bool> Either()
    {
        var left = Both();
        while (Take("or"))
        {
            var (one, other) = (left, Both());
            left = row => one(row) || other(row);
        }

        return left;
    }

    private Func<Func<string, object?>, bool> Both()
    {
        var left = Not();
        while (Take("and"))
        {
            var (one, other) = (left, Not());
            left = row => one(row) && other(row);
        }

        return left;
    }

    private Func<Func<string, object?>, bool> Not()
    {
        if (Take("not"))
        {
            var denied = Not();
            return row => !denied(row);
        }

        if (!Take("("))
            return Comparison();
        var inner = Either();
        return Take(")") ? inner : throw new FormatException("A bracket is not closed.");
    }

    private Func<Func<string, object?>, bool> Comparison()
    {
        var (property, comparison, literal) = (Next(), Next(), Literal(Next()));
        Func<int, bool> holds = comparison switch
        {
            "eq" => order => order == 0,
            "ne" => order => order != 0,
            "gt" => order => order > 0,
            "ge" => order => order >= 0,
            "lt" => order => order < 0,
            "le" => order => order <= 0,
            _ => throw new FormatException($"'{comparison}' compares nothing."),
        };
        // What is not there, or of another type, fulfils no condition.
        return row => row(property) is { } value && Compare(value, literal) is { } order && holds(order);
    }

    private static int? Compare(object one, object other) => (one, other) switch
    {
        (string text, string literal) => string.CompareOrdinal(text, literal),
        (long or double, long or double) when one.GetType() != other.GetType() => Double(one).CompareTo(Double(other)),
        _ when one.GetType() == other.GetType() => ((IComparable)one).CompareTo(other),
        _ => null,
    };

    private static double Double(object number) => Convert.ToDouble(number, CultureInfo.InvariantCulture);

    private static object Literal(string token)
        => token switch
        {
            "true" => true,
            "false" => false,
            ['\'', .., '\''] => Unquote(token),
            _ when token.StartsWith("datetime'", StringComparison.Ordinal) => DateTimeOffset
                .Parse(Unquote(token[8..]), CultureInfo.InvariantCulture)
                .UtcDateTime,
            _ when token.StartsWith("guid'", StringComparison.Ordinal) => Guid.Parse(Unquote(token[4..])),
            _ when token.StartsWith("X'", StringComparison.Ordinal) => Unquote(token[1..]).ToUpperInvariant(),
            _ when token.StartsWith("binary'", StringComparison.Ordinal) => Unquote(token[6..]).ToUpperInvariant(),
            _ when long.TryParse(token.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            _ => double.Parse(token, CultureInfo.InvariantCulture),
        };

    private static string Unquote(string token) => token[1..^1].Replace("''", "'", StringComparison.Ordinal);

    private string Next() => _next < _tokens.Count ? _tokens[_next++] : throw new FormatException("The filter ends too early.");

    private bool Take(string token)
    {
        if (_next >= _tokens.Count || _tokens[_next] != token)
            return false;
        _next++;
        return true;
    }

    [GeneratedRegex(@"(datetime|guid|binary|X)?'(?:[^']|'')*'|[()]|[^\s()']+")]
    private static partial Regex Token();
}
