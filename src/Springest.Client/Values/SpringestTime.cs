using System.Globalization;
using System.Text.RegularExpressions;

namespace Springest.Client;

/// <summary>
/// Reads a moment. The format is not documented (docs/springest-api.md, section 3.2), so: ISO 8601 with offset or Z, a space for the T,
/// slashes for the hyphens, a date alone; the forms of e-mail headers and of Ruby; a zone as offset, UTC, GMT, CET or CEST. Without zone it
/// is Amsterdam's time; anything else is null. Nothing here throws, whatever it is given.
/// </summary>
public static partial class SpringestTime
{
    private static readonly string[] s_formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-ddzzz",
        "d MMM yyyy HH:mm:sszzz", "MMM d HH:mm:sszzz yyyy", "yyyyMMdd'T'HHmmsszzz",
    ];

    private static readonly string[] s_localFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd", "d MMM yyyy HH:mm:ss", "yyyyMMdd'T'HHmmss",
    ];

    /// <summary>The moment with its offset as sent, or Amsterdam's; null if the text is none.</summary>
    public static DateTimeOffset? Parse(string text)
    {
        text = Weekday().Replace(text.Trim(), "");
        text = Slashes().Replace(text, "$1-$2-$3");
        text = DateSpace().Replace(text, "$1T");
        text = Zone().Replace(text, zone => zone.Value.Trim() switch
        {
            "Z" or "UTC" or "GMT" => "+00:00",
            "CET" => "+01:00",
            "CEST" => "+02:00",
            var offset => offset.Contains(':', StringComparison.Ordinal) ? offset : $"{offset[..3]}:{offset[3..]}",
        });
        if (DateTimeOffset.TryParseExact(text, s_formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time;
        return DateTime.TryParseExact(text, s_localFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? Amsterdam(local) : null;
    }

    [GeneratedRegex(@"^[A-Za-z]{3},? ", RegexOptions.CultureInvariant)]
    private static partial Regex Weekday();

    [GeneratedRegex(@"^(\d{4})/(\d\d)/(\d\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Slashes();

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\d) +(?=\d)", RegexOptions.CultureInvariant)]
    private static partial Regex DateSpace();

    /// <summary>A zone behind a time of day.</summary>
    [GeneratedRegex(@"(?<=[:T]\d\d(?:\d\d){0,2}(?:\.\d+)?) ?(?:Z|UTC|GMT|CES?T|[+-]\d\d:?\d\d)(?=$| \d{4}$)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Zone();

    /// <summary>The rule of the European Union since 1996, so that no time zone database is needed.</summary>
    private static DateTimeOffset? Amsterdam(DateTime local)
    {
        if (local.Year is 1 or 9999)
            return null;
        var summer = local >= LastSunday(3).AddHours(2) && local < LastSunday(10).AddHours(3);
        return new DateTimeOffset(local, TimeSpan.FromHours(summer ? 2 : 1));

        DateTime LastSunday(int month)
        {
            var end = new DateTime(local.Year, month, 31, 0, 0, 0, DateTimeKind.Unspecified);
            return end.AddDays(-(int)end.DayOfWeek);
        }
    }
}
