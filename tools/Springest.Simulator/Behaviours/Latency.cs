namespace Springest.Simulator.Behaviours;

/// <summary>How long an answer takes at least and at most; drawn evenly in between.</summary>
public sealed record Latency(TimeSpan Min, TimeSpan Max)
{
    /// <summary>No delay.</summary>
    public static Latency None { get; } = new(TimeSpan.Zero, TimeSpan.Zero);

    internal TimeSpan Next() => Min + ((Max - Min) * Random.Shared.NextDouble());
}
