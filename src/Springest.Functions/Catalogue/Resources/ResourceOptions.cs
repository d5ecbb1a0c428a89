using Springest.Functions.Settings;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>Settings <c>Springest:Mirror:{resource}</c>. The defaults are in the resource's description.</summary>
public sealed class ResourceOptions
{
    /// <summary>When the timer ticks, as NCRONTAB. Read by the trigger.</summary>
    [Schedule]
    public string Schedule { get; set; } = "0 */15 * * * *";

    /// <summary>How long after the start of one full pass the next is due; zero makes every tick begin one.</summary>
    public TimeSpan FullPassInterval { get; set; }

    /// <summary>How often to read what changed since, where the list can tell; null never.</summary>
    public TimeSpan? DeltaInterval { get; set; }
}
