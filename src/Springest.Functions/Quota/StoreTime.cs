namespace Springest.Functions.Quota;

/// <summary>What is known of the storage service's clock at one moment: bounds that hold the true time. In ticks (100 ns) since year 1, UTC.</summary>
public readonly record struct StoreTime(long Earliest, long Latest);
