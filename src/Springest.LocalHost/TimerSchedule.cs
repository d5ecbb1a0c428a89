using System.Globalization;
using NCrontab;

namespace Springest.LocalHost;

/// <summary>When a timer fires, in UTC: a six-field cron expression, or the time between two runs.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule? _cron;
    private readonly TimeSpan _interval;

    private TimerSchedule(CrontabSchedule? cron, TimeSpan interval) => (_cron, _interval) = (cron, interval);

    public static TimerSchedule Parse(string text)
    {
        // As on the platform, five fields are taken for a cron expression without seconds.
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length;
        if (fields is 5 or 6
            && CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 }) is { } cron)
            return new TimerSchedule(cron, default);
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero)
            return new TimerSchedule(null, interval);
        throw new FunctionsHostException(
            $"Its schedule '{text}' is neither a cron expression of six fields (second minute hour day month weekday) nor a time such as 00:05:00.");
    }

    /// <summary>The first occurrence after a moment; null if there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (_cron is null)
            return after + _interval;
        var next = _cron.GetNextOccurrence(after.UtcDateTime);
        return next == DateTime.MaxValue ? null : new DateTimeOffset(next, TimeSpan.Zero);
    }

    /// <summary>Whether two of the next occurrences are less than a minute apart.</summary>
    public bool IsMoreOftenThanMinutely(DateTimeOffset now)
    {
        for (var i = 0; i < 5; i++)
        {
            if (Next(now) is not { } first || Next(first) is not { } second)
                return false;
            if (second - first < TimeSpan.FromMinutes(1))
                return true;
            now = first;
        }

        return false;
    }
}
