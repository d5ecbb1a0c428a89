using System.ComponentModel.DataAnnotations;
using Springest.Functions.Settings;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>Settings <c>Springest:Mirror:{resource}</c>. The defaults are in the resource's description.</summary>
public sealed class ResourceOptions
{
    /// <summary>When the timer ticks, as NCRONTAB. Read by the trigger.</summary>
    [Schedule]
    public string Schedule { get; set; } = "0 */15 * * * *";

    /// <summary>How long after the start of one full pass the next is due; zero makes every tick begin one.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "366.00:00:00", ErrorMessage = "{0} must be 0 to 366 days.")]
    public TimeSpan FullPassInterval { get; set; }

    /// <summary>How often to read what changed since, where the list can tell; null never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "366.00:00:00", ErrorMessage = "{0} must be 0 to 366 days, or empty.")]
    public TimeSpan? DeltaInterval { get; set; }
}
