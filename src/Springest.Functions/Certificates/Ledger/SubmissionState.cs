namespace Springest.Functions.Certificates.Ledger;

/// <summary>Where a certificate stands. The names are the values in the table.</summary>
public enum SubmissionState
{
    /// <summary>Nothing is wrong with it, but it has to wait: for metadata, the catalogue, quota, or the next attempt.</summary>
    Waiting,

    /// <summary>Checked, and to be sent as soon as sending is allowed.</summary>
    Ready,

    /// <summary>An instance has it. Once its lease has run out, its mark says whether the request may have been sent.</summary>
    Submitting,

    /// <summary>Springest has it.</summary>
    Accepted,

    /// <summary>Refused by our checks or by Springest.</summary>
    Rejected,

    /// <summary>The same as another, which Springest has, or perhaps has.</summary>
    Duplicate,

    /// <summary>A newer file for the same certificate has taken its place.</summary>
    Replaced,

    /// <summary>The request was sent and its answer never came.</summary>
    OutcomeUnknown,

    /// <summary>Its file was taken out of the drop before it was sent.</summary>
    Withdrawn,

    /// <summary>It has waited for so long that a person should know; it goes on by itself when what it waits for is over.</summary>
    Held,

    /// <summary>It was refused, and its file was removed before anybody did something about it.</summary>
    Expired,

    /// <summary>Nobody knows whether it arrived, and nobody asks any more, since the person is forgotten. It is never sent again.</summary>
    PerhapsSent,
}

/// <summary>What states have in common.</summary>
internal static class SubmissionStates
{
    /// <summary>Those in which it is not at its end: it goes on by itself, or by a person's word.</summary>
    public static IReadOnlyList<SubmissionState> Open { get; } =
    [
        SubmissionState.Waiting, SubmissionState.Ready, SubmissionState.Submitting, SubmissionState.OutcomeUnknown, SubmissionState.Held,
    ];

    public static bool IsOpen(this SubmissionState state) => Open.Contains(state);
}
