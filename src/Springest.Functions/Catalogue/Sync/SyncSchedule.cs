using System.Globalization;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// Which pass is due. A full pass can take longer than a delta may be late, so it is parked while one is read, but not for more than half
/// of the time.
/// </summary>
internal static class SyncSchedule
{
    /// <summary>Ticks come a little early or late: what is due so soon is due.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>How often a tick comes, about.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(5);

    /// <summary>Runs that a full pass is cut into at most, if it may take its time: each begins by reading the table.</summary>
    private const int MostRuns = 20;

    /// <summary>Enters the pass that is due into the state; null if none is.</summary>
    /// <param name="state">How the mirror stands.</param>
    /// <param name="resource">What is mirrored.</param>
    /// <param name="options">How often.</param>
    /// <param name="mirror">How fast.</param>
    /// <param name="now">The time.</param>
    /// <param name="again">Whether this tick has been through a pass already. An interval of zero lets a tick begin one, not one after
    /// another.</param>
    public static PassKind? Begin(
        SyncStateEntity state, ResourceDescription resource, ResourceOptions options, MirrorOptions mirror, DateTimeOffset now,
        bool again = false)
    {
        if (state.PassId is null && !(again && options.FullPassInterval == TimeSpan.Zero) && now + Soon >= FullDue(state, options))
            return Enter(state, PassKind.Full, modifiedFrom: null, now);
        if (!IsReadingDelta(state)
            && !(again && options.DeltaInterval == TimeSpan.Zero)
            && now + Soon >= DeltaDue(state, resource, options, mirror))
            return Enter(state, PassKind.Delta, ModifiedFrom(state), now);
        return null;
    }

    /// <summary>When there is something to do next: a pass to begin, or to go on with.</summary>
    public static DateTimeOffset NextDue(
        SyncStateEntity state, ResourceDescription resource, ResourceOptions options, MirrorOptions mirror, DateTimeOffset now)
    {
        var pass = state.PassId is null ? FullDue(state, options) : PagesDue(state, mirror, now) < 1 ? now + Tick : now;
        return !IsReadingDelta(state) && DeltaDue(state, resource, options, mirror) is { } delta && delta < pass ? delta : pass;
    }

    /// <summary>How many pages a run may read of the pass in progress; none until its next portion is due.</summary>
    public static double PagesDue(SyncStateEntity state, MirrorOptions mirror, DateTimeOffset now)
    {
        if (!state.PassPaced || state.PassEnded)
            return double.MaxValue;
        var pages = (state.PassTotal ?? 0) / 30.0;
        var portion = Math.Max(mirror.PagesAnHour * Tick.TotalHours, pages / MostRuns);
        var due = (mirror.PagesAnHour * (now - state.PassStarted!.Value).TotalHours) + portion - state.PassPages;
        // One at least, or a small quota would never read any.
        return due >= Math.Min(0.9 * portion, Math.Max(1, pages - state.PassPages)) ? Math.Min(due, Math.Max(1, 2 * portion)) : 0;
    }

    /// <summary>Ends the pass in progress. One that was parked goes on.</summary>
    public static void End(SyncStateEntity state)
    {
        (state.PassId, state.PassStarted, state.PassPaced) = (state.ParkedPassId, state.ParkedPassStarted, state.ParkedPassPaced);
        (state.PassKind, state.PassModifiedFrom) = (state.PassId is null ? null : nameof(PassKind.Full), null);
        ResetCounts(state);
        (state.PassPages, state.PassTotal, state.PassEnded) = (state.ParkedPassPages, state.ParkedPassTotal, false);
        (state.PassDeleted, state.PassLookUps, state.PassStopped) =
            (state.ParkedPassDeleted, state.ParkedPassLookUps, state.ParkedPassStopped);
        (state.ParkedPassId, state.ParkedPassStarted, state.ParkedPassPaced) = (null, null, false);
        (state.ParkedPassPages, state.ParkedPassTotal) = (0, null);
        (state.ParkedPassDeleted, state.ParkedPassLookUps, state.ParkedPassStopped) = (0, 0, null);
    }

    /// <summary>For a pass whose pages are counted anew.</summary>
    public static void ResetCounts(SyncStateEntity state)
    {
        state.PassTotal = null;
        (state.PassPages, state.PassOffset, state.PassCreated, state.PassUpdated) = (0, 0, 0, 0);
        (state.PassRefused, state.PassSkipped) = (0, 0);
    }

    private static bool IsReadingDelta(SyncStateEntity state) => state is { PassId: not null, PassKind: nameof(PassKind.Delta) };

    private static DateTimeOffset FullDue(SyncStateEntity state, ResourceOptions options)
    {
        if (state.FullRequested || state.FullStarted is not { } started)
            return DateTimeOffset.MinValue;
        // One that did not show all there is is tried again soon, but not with every tick.
        var isProof = state.ProofCompleted >= state.FullCompleted;
        return started + (isProof ? options.FullPassInterval : options.FullPassInterval / 4);
    }

    /// <summary>A delta that reads much is followed by the next so late that all of them take a share of the requests at most.</summary>
    /// <returns>Null if there is none, or not before a full pass.</returns>
    private static DateTimeOffset? DeltaDue(
        SyncStateEntity state, ResourceDescription resource, ResourceOptions options, MirrorOptions mirror)
    {
        if (resource.ModifiedFrom is null || options.DeltaInterval is not { } interval || state.FullStarted is null)
            return null;
        var due = LastRead(state) + interval;
        if (state.DeltaStarted + TimeSpan.FromHours(state.DeltaPages / mirror.PagesAnHour) is { } spaced && spaced > due)
            due = spaced;
        return state.PassId is not null && state.FullHasUntil is { } until && until > due ? until : due;
    }

    /// <summary>The filter knows days only, of the site's own time zone: a day more costs little, a day less loses changes.</summary>
    private static string ModifiedFrom(SyncStateEntity state)
        => LastRead(state).UtcDateTime.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset LastRead(SyncStateEntity state)
        => state.DeltaStarted is { } delta && delta > state.FullStarted ? delta : state.FullStarted!.Value;

    private static PassKind Enter(SyncStateEntity state, PassKind kind, string? modifiedFrom, DateTimeOffset now)
    {
        (state.ParkedPassId, state.ParkedPassStarted, state.ParkedPassPaced) = (state.PassId, state.PassStarted, state.PassPaced);
        (state.ParkedPassPages, state.ParkedPassTotal) = (state.PassPages, state.PassTotal);
        (state.ParkedPassDeleted, state.ParkedPassLookUps, state.ParkedPassStopped) =
            (state.PassDeleted, state.PassLookUps, state.PassStopped);
        state.PassId = string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks:D19}-{state.Fence}");
        state.PassKind = kind.ToString();
        state.PassStarted = now;
        state.PassPaced = kind is PassKind.Full && state.FullStarted is not null && !state.FullRequested;
        state.FullRequested &= kind is not PassKind.Full;
        state.PassModifiedFrom = modifiedFrom;
        (state.PassEnded, state.PassDeleted, state.PassLookUps, state.PassStopped) = (false, 0, 0, null);
        ResetCounts(state);
        return kind;
    }
}
