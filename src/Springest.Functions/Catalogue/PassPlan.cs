using System.Globalization;

namespace Springest.Functions.Catalogue;

/// <summary>Which pass is due.</summary>
internal static class PassPlan
{
    /// <summary>Enters the pass that is due into the state; null if none is.</summary>
    public static PassKind? Begin(MirrorStateEntity state, ResourceDescription description, ResourceOptions options, DateTimeOffset now)
    {
        if (IsFullDue(state, options, now))
            Enter(state, PassKind.Full, modifiedFrom: null, now);
        else if (IsDeltaDue(state, description, options, now))
            Enter(state, PassKind.Delta, ModifiedFrom(state), now);
        else
            return null;
        return Enum.Parse<PassKind>(state.PassKind!);
    }

    private static bool IsFullDue(MirrorStateEntity state, ResourceOptions options, DateTimeOffset now)
    {
        if (state.FullRequested)
            return true;
        // A pass that could not see every page is tried again soon, but not with every tick.
        if (state.IncompleteAt is { } incomplete && (state.FullStarted is not { } whole || incomplete > whole))
            return now >= incomplete + (options.FullPassInterval / 4);
        return state.FullStarted is not { } started || now >= started + options.FullPassInterval;
    }

    private static bool IsDeltaDue(MirrorStateEntity state, ResourceDescription description, ResourceOptions options, DateTimeOffset now)
        => description.ModifiedFrom is not null && options.DeltaInterval is { } interval && state.FullStarted is not null && now >= LastRead(state) + interval;

    /// <summary>The filter knows days only, of the site's own time zone: a day more costs little, a day less loses changes.</summary>
    private static string ModifiedFrom(MirrorStateEntity state)
        => LastRead(state).UtcDateTime.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset LastRead(MirrorStateEntity state)
        => state.DeltaStarted is { } delta && delta > state.FullStarted ? delta : state.FullStarted!.Value;

    private static void Enter(MirrorStateEntity state, PassKind kind, string? modifiedFrom, DateTimeOffset now)
    {
        state.PassId = string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks:D19}-{state.Fence}");
        state.PassKind = kind.ToString();
        state.PassStarted = now;
        state.FullRequested = false;
        state.PassModifiedFrom = modifiedFrom;
        state.PassTotal = null;
        (state.PassPages, state.PassOffset, state.PassCreated, state.PassUpdated, state.PassDeleted) = (0, 0, 0, 0, 0);
        (state.PassRefused, state.PassSkipped, state.PassFailures) = (0, 0, 0);
    }
}
