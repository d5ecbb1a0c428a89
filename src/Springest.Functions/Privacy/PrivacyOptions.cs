using System.ComponentModel.DataAnnotations;
using Springest.Functions.Settings;

namespace Springest.Functions.Privacy;

/// <summary>Settings <c>Springest:Privacy</c>.</summary>
public sealed class PrivacyOptions
{
    /// <summary>
    /// When erasures that are not done go on, and once a day what is older than it is to be kept is removed, as NCRONTAB. Read by the
    /// trigger.
    /// </summary>
    [Schedule]
    public string Schedule { get; set; } = "0 */10 * * * *";

    /// <summary>How long one run may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:08:00", ErrorMessage = "{0} must be 1 second to 8 minutes.")]
    public TimeSpan Budget { get; set; } = TimeSpan.FromMinutes(4);
}
