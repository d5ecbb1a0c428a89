using System.Text;
using System.Text.Encodings.Web;

namespace Springest.Testing.Telemetry;

/// <summary>
/// A text that must not be found: planted where it belongs, searched for where it does not, in whatever form it is written.
/// </summary>
public sealed class Canary
{
    private readonly string[] _forms;

    /// <param name="text">At least 12 characters, so that it is not found by chance.</param>
    public Canary(string text)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(text.Length, 12);
        Text = text;
        var encoded = Uri.EscapeDataString(text);
        _forms =
        [
            .. new[] { text, encoded, Uri.EscapeDataString(encoded), Escaped(text), JavaScriptEncoder.Default.Encode(text) }
                .Concat(Base64(text)).Concat(Base64(encoded)).Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>What is planted.</summary>
    public string Text { get; }

    /// <summary>In what form it is in a text, with what is around it; null if it is not.</summary>
    public string? FindIn(string text)
    {
        foreach (var form in _forms)
        {
            // Of encodings, both upper and lower case occur.
            if (text.IndexOf(form, StringComparison.OrdinalIgnoreCase) is var found and >= 0)
                return $"'{Text}' as '{form}' in: ...{text[Math.Max(0, found - 200)..Math.Min(text.Length, found + form.Length + 200)]}...";
        }

        return null;
    }

    /// <summary>The same for bytes, whatever they are.</summary>
    public string? FindIn(byte[] bytes) => FindIn(Encoding.UTF8.GetString(bytes));

    // Every character that is no letter or digit as a JSON writer may put it.
    private static string Escaped(string text)
        => string.Concat(text.Select(each => char.IsAsciiLetterOrDigit(each) ? $"{each}" : $"\\u{(int)each:x4}"));

    // Wherever in an encoded text it stands: three shifts, each without the characters that depend on its neighbours.
    private static IEnumerable<string> Base64(string text)
        => Enumerable.Range(0, 3).Select(shift =>
        {
            var bytes = Encoding.UTF8.GetBytes(new string(' ', shift) + text);
            return Convert.ToBase64String(bytes[..(bytes.Length / 3 * 3)])[(shift == 0 ? 0 : 4)..];
        });
}
