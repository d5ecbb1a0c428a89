using System.Globalization;

namespace Springest.Simulator.Data;

/// <summary>Time stamps as the Dutch host writes them (docs/springest-api.md, section 3.2).</summary>
internal static class TimeStamp
{
    public static string Format(DateTimeOffset time)
        => Local(time).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>The day that a stamp names, in its own offset; every form begins with it.</summary>
    public static DateOnly? Day(string stamp)
        => stamp.Length >= 10 && DateOnly.TryParseExact(stamp.AsSpan(0, 10), "yyyy-MM-dd", out var day) ? day : null;

    public static DateTimeOffset Local(DateTimeOffset time)
    {
        var summer = time >= Change(time.Year, 3) && time < Change(time.Year, 10);
        return time.ToOffset(TimeSpan.FromHours(summer ? 2 : 1));
    }

    public static DateOnly LocalDay(DateTimeOffset time) => DateOnly.FromDateTime(Local(time).DateTime);

    // Clocks change at 01:00 UTC on the last Sunday of March and of October.
    private static DateTimeOffset Change(int year, int month)
    {
        var last = new DateTimeOffset(year, month, 31, 1, 0, 0, TimeSpan.Zero);
        return last.AddDays(-(int)last.DayOfWeek);
    }
}
