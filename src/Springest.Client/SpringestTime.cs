using System.Globalization;

namespace Springest.Client;

/// <summary>
/// Reads a moment. The format is not documented (docs/springest-api.md, section 3.2), so: ISO 8601 with offset or Z, a space for the T, a
/// date alone; without offset it is Amsterdam's time; anything else is null. Nothing here throws, whatever it is given.
/// </summary>
public static class SpringestTime
{
    private static readonly string[] s_formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss' 'K",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd' 'HH:mmK", "yyyy-MM-dd", "yyyy-MM-dd' 'HH:mm:ss' UTC'",
    ];

    /// <summary>The moment with its offset as sent, or Amsterdam's; null if the text is none.</summary>
    public static DateTimeOffset? Parse(string text)
    {
        var styles = text.EndsWith("UTC", StringComparison.Ordinal) ? DateTimeStyles.AssumeUniversal : DateTimeStyles.None;
        if (!DateTime.TryParseExact(text, s_formats, CultureInfo.InvariantCulture, styles | DateTimeStyles.AdjustToUniversal, out var time))
            return null;
        if (time.Kind == DateTimeKind.Unspecified)
            return Amsterdam(time);
        // The offset is kept as sent; the instant is known to be right.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sent) && sent.UtcDateTime == time
            ? sent
            : new DateTimeOffset(time);
    }

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
