namespace Springest.Functions.Catalogue;

/// <summary>Settings <c>Springest:Mirror</c>.</summary>
public sealed class MirrorOptions
{
    /// <summary>Pages fetched at the same time.</summary>
    public int Prefetch { get; set; } = 8;

    /// <summary>How long one tick may ask for more before it leaves the rest to the next.</summary>
    public TimeSpan TimeBudget { get; set; } = TimeSpan.FromSeconds(280);

    /// <summary>How long after its last sign of life a run counts as dead, so that another may go on.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Deletes are held if more than this share of the records is missing at once ...</summary>
    public double DeleteHoldShare { get; set; } = 0.02;

    /// <summary>... and at least this many are, since in a small catalogue a share says little.</summary>
    public int DeleteHoldMinimum { get; set; } = 5;

    /// <summary>A hold on more than this share of the records ends only when a person says so.</summary>
    public double HoldEndShare { get; set; } = 0.2;

    /// <summary>How many snapshots to keep of each resource; 0 writes none.</summary>
    public int SnapshotsKept { get; set; } = 3;

    /// <summary>How long changes are kept, and histories of passes.</summary>
    public TimeSpan ChangesKept { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Requests an hour that the deltas of a resource take at most, and that a full pass takes which nobody waits for.</summary>
    internal double PagesAnHour { get; set; } = 1000;

    /// <summary>Whether so many of all records are more than can be missing by chance. All are, however little there is.</summary>
    internal bool IsMany(long some, long all)
        => (some >= DeleteHoldMinimum && some > DeleteHoldShare * all) || (some > 0 && some >= all);
}
