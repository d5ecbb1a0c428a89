using System.Globalization;

namespace Springest.Functions.Catalogue;

/// <summary>The API's dates and times (contract, section 3.2): ISO 8601, where no offset means Amsterdam.</summary>
internal static class SpringestTime
{
    // What a table can hold begins here.
    private static readonly DateTimeOffset Earliest = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeZoneInfo Amsterdam = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

    /// <summary>The point in time in UTC, a date being its midnight in UTC; null if the text is neither.</summary>
    public static DateTimeOffset? Parse(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return Storable(new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero));
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time))
            return null;
        if (time.Kind is not DateTimeKind.Unspecified)
            return Storable(new DateTimeOffset(time).ToUniversalTime());
        return Amsterdam.IsInvalidTime(time) ? null : Storable(new DateTimeOffset(time, Amsterdam.GetUtcOffset(time)).ToUniversalTime());
    }

    private static DateTimeOffset? Storable(DateTimeOffset time) => time < Earliest ? null : time;
}
