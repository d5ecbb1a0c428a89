namespace Springest.Functions.Quota.Counter;

/// <summary>
/// What is known of the storage service's clock at one moment: bounds that hold the true time. In ticks (100 ns) since year 1, UTC.
/// </summary>
public readonly record struct ServerTime(long Earliest, long Latest)
{
    /// <summary>By the date of an answer, which has whole seconds, and how many ticks it took.</summary>
    public static ServerTime From(DateTimeOffset date, long took) => new(date.UtcTicks, date.UtcTicks + TimeSpan.TicksPerSecond + took);
}
