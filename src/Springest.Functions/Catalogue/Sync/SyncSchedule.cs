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
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>Enters the pass that is due into the state; null if none is.</summary>
    /// <param name="state">How the mirror stands.</param>
    /// <param name="description">What is mirrored.</param>
    /// <param name="options">How often.</param>
    /// <param name="now">The time.</param>
    /// <param name="again">Whether this tick has been through a pass already. An interval of zero lets a tick begin one, not one after
    /// another.</param>
    public static PassKind? Begin(
        SyncStateEntity state,
        ResourceDescription description,
        ResourceOptions options,
        DateTimeOffset now,
        bool again = false)
    {
        if (state.PassId is null && IsFullDue(state, options, now + Soon, again))
            Enter(state, PassKind.Full, modifiedFrom: null, now);
        else if (!IsReadingDelta(state) && IsDeltaDue(state, description, options, now + Soon, again))
            Enter(state, PassKind.Delta, ModifiedFrom(state), now);
        else
            return null;
        return Enum.Parse<PassKind>(state.PassKind!);
    }

    /// <summary>Ends the pass in progress. One that was parked goes on.</summary>
    public static void End(SyncStateEntity state)
    {
        (state.PassId, state.PassStarted, state.PassFailures) = (state.ParkedPassId, state.ParkedPassStarted, state.ParkedPassFailures);
        (state.PassKind, state.PassModifiedFrom) = (state.PassId is null ? null : nameof(PassKind.Full), null);
        (state.ParkedPassId, state.ParkedPassStarted, state.ParkedPassFailures) = (null, null, 0);
        ResetCounts(state);
    }

    private static bool IsReadingDelta(SyncStateEntity state) => state is { PassId: not null, PassKind: nameof(PassKind.Delta) };

    private static bool IsFullDue(SyncStateEntity state, ResourceOptions options, DateTimeOffset now, bool again)
    {
        if (state.FullRequested)
            return true;
        if (again && options.FullPassInterval == TimeSpan.Zero)
            return false;
        // A pass that could not see every page is tried again soon, but not with every tick.
        if (state.IncompleteAt is { } incomplete && (state.FullStarted is not { } whole || incomplete > whole))
            return now >= incomplete + (options.FullPassInterval / 4);
        return state.FullStarted is not { } started || now >= started + options.FullPassInterval;
    }

    private static bool IsDeltaDue(
        SyncStateEntity state,
        ResourceDescription description,
        ResourceOptions options,
        DateTimeOffset now,
        bool again)
        => description.ModifiedFrom is not null
        && options.DeltaInterval is { } interval
        && state.FullStarted is not null
        && !(again && interval == TimeSpan.Zero)
        && now >= LastRead(state) + interval
        && (state.PassId is null || !(now < state.FullHasUntil));

    /// <summary>The filter knows days only, of the site's own time zone: a day more costs little, a day less loses changes.</summary>
    private static string ModifiedFrom(SyncStateEntity state)
        => LastRead(state).UtcDateTime.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset LastRead(SyncStateEntity state)
        => state.DeltaStarted is { } delta && delta > state.FullStarted ? delta : state.FullStarted!.Value;

    private static void Enter(SyncStateEntity state, PassKind kind, string? modifiedFrom, DateTimeOffset now)
    {
        (state.ParkedPassId, state.ParkedPassStarted, state.ParkedPassFailures) = (state.PassId, state.PassStarted, state.PassFailures);
        state.PassId = string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks:D19}-{state.Fence}");
        state.PassKind = kind.ToString();
        state.PassStarted = now;
        state.FullRequested &= kind is not PassKind.Full;
        state.PassModifiedFrom = modifiedFrom;
        state.PassFailures = 0;
        ResetCounts(state);
    }

    private static void ResetCounts(SyncStateEntity state)
    {
        state.PassTotal = null;
        (state.PassPages, state.PassOffset, state.PassCreated, state.PassUpdated, state.PassDeleted) = (0, 0, 0, 0, 0);
        (state.PassRefused, state.PassSkipped) = (0, 0);
    }
}
