using System.Text;
using System.Text.RegularExpressions;

namespace Springest.LocalHost;

/// <summary>A container and a pattern of names in it, such as <c>incoming/{site}/{name}.{extension}</c>.</summary>
internal sealed partial class BlobPath
{
    private readonly Regex _pattern;

    private BlobPath(string container, string prefix, Regex pattern, IReadOnlyList<string> names)
        => (Container, Prefix, _pattern, Names) = (container, prefix, pattern, names);

    public string Container { get; }

    /// <summary>What every matching name begins with.</summary>
    public string Prefix { get; }

    /// <summary>The names in braces.</summary>
    public IReadOnlyList<string> Names { get; }

    public static BlobPath Parse(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (container, pattern) = slash < 0 ? (path, "{name}") : (path[..slash], path[(slash + 1)..]);
        if (!LegalContainer().IsMatch(container))
            throw new FunctionsHostException(
                $"Its blob path '{path}' names the container '{container}', but a container's name is 3 to 63 lower-case letters, digits and single hyphens.");

        var names = new List<string>();
        var regex = new StringBuilder("^");
        var rest = 0;
        foreach (var match in Placeholder().EnumerateMatches(pattern))
        {
            var name = pattern[(match.Index + 1)..(match.Index + match.Length - 1)];
            if (names.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new FunctionsHostException($"Its blob path '{path}' holds {{{name}}} twice.");
            regex.Append(Literal(rest, match.Index)).Append("(.+)");
            names.Add(name);
            rest = match.Index + match.Length;
        }

        regex.Append(Literal(rest, pattern.Length)).Append('$');
        var first = pattern.IndexOf('{', StringComparison.Ordinal);
        return new BlobPath(container, first < 0 ? pattern : pattern[..first], new Regex(regex.ToString(), RegexOptions.Singleline), names);

        string Literal(int from, int to)
            => pattern[from..to] is var text && text.AsSpan().IndexOfAny('{', '}') < 0
                ? Regex.Escape(text)
                : throw new FunctionsHostException($"Its blob path '{path}' has a brace that is not part of a {{name}}.");
    }

    /// <summary>What the names in braces stand for in a blob's name; null if it does not match.</summary>
    public Dictionary<string, object?>? Match(string blob)
    {
        if (_pattern.Match(blob) is not { Success: true } match)
            return null;
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Names.Count; i++)
            values[Names[i]] = match.Groups[i + 1].Value;
        return values;
    }

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex LegalContainer();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
