using System.Text.RegularExpressions;

namespace Springest.Testing.Kusto;

/// <summary>The words of a query, one after the other.</summary>
internal sealed partial class KqlTokens
{
    private readonly List<string> _tokens = [];
    private int _at;

    public KqlTokens(string query)
    {
        var expected = 0;
        foreach (Match match in Token().Matches(query))
        {
            if (match.Index != expected)
                throw new KqlException($"What is '{query[expected..match.Index]}'?");
            expected = match.Index + match.Length;
            if (!match.Groups["space"].Success)
                _tokens.Add(match.Value);
        }

        if (expected != query.Length)
            throw new KqlException($"What is '{query[expected..]}'?");
    }

    /// <summary>The next one; empty at the end.</summary>
    public string Next => _at < _tokens.Count ? _tokens[_at] : "";

    /// <summary>The one after it.</summary>
    public string AfterNext => _at + 1 < _tokens.Count ? _tokens[_at + 1] : "";

    /// <summary>How many there were before it.</summary>
    public int Position => _at;

    /// <summary>Those from a position on that were taken.</summary>
    public IReadOnlyList<string> Since(int position) => _tokens[position.._at];

    public string Take()
        => _at < _tokens.Count ? _tokens[_at++] : throw new KqlException("The query is at its end where something is expected.");

    public bool TryTake(string token)
    {
        if (Next != token)
            return false;
        _at++;
        return true;
    }

    public void Expect(string token)
    {
        if (!TryTake(token))
            throw new KqlException($"There is '{Next}' where '{token}' is expected, after '{(_at > 0 ? _tokens[_at - 1] : "")}'.");
    }

    public string TakeName()
        => IsName(Next) ? Take() : throw new KqlException($"There is '{Next}' where a name is expected.");

    public static bool IsName(string token) => token is [var first, ..] && (char.IsLetter(first) || first == '_');

    public static bool IsText(string token) => token is ['\'' or '"', ..];

    /// <summary>Things in parentheses or brackets, separated by commas; a comma after the last does not matter.</summary>
    public List<T> List<T>(string open, string close, Func<T> read)
    {
        Expect(open);
        var items = new List<T>();
        while (!TryTake(close))
        {
            items.Add(read());
            if (Next != close)
                Expect(",");
        }

        return items;
    }

    // Comments and space; texts; numbers with a unit of time; names, with a dash in those of operators; signs.
    [GeneratedRegex("""
        (?<space>\s+|//[^\n]*)|'[^']*'|"[^"]*"|\d+(\.\d+)?(d|h|m|s)?(?!\w)|!?[A-Za-z_]\w*|\.\.|==|!=|<=|>=|=~|[-+*/%<>=(){}\[\],.|;:]
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Token();
}
