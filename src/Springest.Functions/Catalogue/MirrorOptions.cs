using System.ComponentModel.DataAnnotations;

namespace Springest.Functions.Catalogue;

/// <summary>Settings <c>Springest:Mirror</c>.</summary>
public sealed class MirrorOptions
{
    /// <summary>Pages fetched at the same time.</summary>
    [Range(1, 32, ErrorMessage = "{0} must be 1 to 32.")]
    public int Prefetch { get; set; } = 8;

    /// <summary>
    /// How long one tick may ask for more before it leaves the rest to the next. The host ends a function after ten minutes (host.json);
    /// what is under way at the end of the budget needs some of them.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:09:00", ErrorMessage = "{0} must be 1 second to 9 minutes.")]
    public TimeSpan TimeBudget { get; set; } = TimeSpan.FromSeconds(280);

    /// <summary>How long after its last sign of life a run counts as dead, so that another may go on.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00", ErrorMessage = "{0} must be 2 seconds to 1 hour.")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Deletes are held if more than this share of the records is missing at once ...</summary>
    [Range(0.0, 1.0, ErrorMessage = "{0} must be 0 to 1.")]
    public double DeleteHoldShare { get; set; } = 0.02;

    /// <summary>... and at least this many are, since in a small catalogue a share says little.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "{0} must be 0 or more.")]
    public int DeleteHoldMinimum { get; set; } = 5;

    /// <summary>A hold on more than this share of the records ends only when a person says so.</summary>
    [Range(0.0, 1.0, ErrorMessage = "{0} must be 0 to 1.")]
    public double HoldEndShare { get; set; } = 0.2;

    /// <summary>How many snapshots to keep of each resource; 0 writes none.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "{0} must be 0 or more.")]
    public int SnapshotsKept { get; set; } = 3;

    /// <summary>How long changes are kept, and histories of passes.</summary>
    [Range(typeof(TimeSpan), "7.00:00:00", "36500.00:00:00", ErrorMessage = "{0} must be 7 to 36500 days.")]
    public TimeSpan ChangesKept { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Requests an hour that the deltas of a resource take at most, and that a full pass takes which nobody waits for.</summary>
    internal double PagesAnHour { get; set; } = 1000;

    /// <summary>Whether so many of all records are more than can be missing by chance. All are, however little there is.</summary>
    internal bool IsMany(long some, long all)
        => (some >= DeleteHoldMinimum && some > DeleteHoldShare * all) || (some > 0 && some >= all);
}
