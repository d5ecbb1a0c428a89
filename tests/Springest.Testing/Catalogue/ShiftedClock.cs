using System.Globalization;

namespace Springest.Testing.Catalogue;

/// <summary>The system's clock, set ahead or back.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Shift { get; set; }

    /// <summary>One that goes on from a time such as <c>2026-04-15T12:00:00Z</c>.</summary>
    public static ShiftedClock At(string time)
        => new() { Shift = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) - System.GetUtcNow() };

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Shift.TotalSeconds * TimestampFrequency);
}
