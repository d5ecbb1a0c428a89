using System.Net;
using System.Text;

namespace Springest.Simulator.Data;

/// <summary>Short names, as they stand in addresses.</summary>
internal static class Slug
{
    private const string Accented = "àáäâçèéëêìíïîñòóöôùúüû";
    private const string Plain = "aaaaceeeeiiiinoooouuuu";

    public static string Of(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var c in WebUtility.HtmlDecode(name).ToLowerInvariant())
        {
            var letter = Accented.IndexOf(c, StringComparison.Ordinal) is var index and >= 0 ? Plain[index] : c;
            if (char.IsAsciiLetterOrDigit(letter))
                slug.Append(letter);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        return slug.ToString().Trim('-');
    }
}
