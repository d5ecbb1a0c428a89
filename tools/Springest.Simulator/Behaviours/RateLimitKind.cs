namespace Springest.Simulator.Behaviours;

/// <summary>How requests are counted.</summary>
public enum RateLimitKind
{
    /// <summary>In windows that follow one another, aligned to the clock.</summary>
    Fixed,

    /// <summary>In any stretch of time as long as the window.</summary>
    Trailing,
}
