using System.Globalization;

namespace Springest.Testing.Catalogue;

/// <summary>The system's clock, set ahead or back.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Shift { get; set; }

    /// <summary>One that goes on from a time such as <c>2026-04-15T12:00:00Z</c>.</summary>
    public static ShiftedClock At(string time)
        => new() { Shift = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) - System.GetUtcNow() };

    /// <summary>One that goes on from the middle of the next month, far from its ends in every time zone.</summary>
    public static ShiftedClock InNextMonth()
    {
        var now = System.GetUtcNow();
        return new() { Shift = new DateTimeOffset(now.Year, now.Month, 15, 12, 0, 0, TimeSpan.Zero).AddMonths(1) - now };
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Shift.TotalSeconds * TimestampFrequency);
}
