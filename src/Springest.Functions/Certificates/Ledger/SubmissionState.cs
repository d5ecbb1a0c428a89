namespace Springest.Functions.Certificates.Ledger;

/// <summary>Where a certificate stands. The names are the values in the table.</summary>
public enum SubmissionState
{
    /// <summary>Nothing is wrong with it, but it has to wait: for metadata, the catalogue, quota, or the next attempt.</summary>
    Waiting,

    /// <summary>An instance has it. Once its lease has run out, the request may or may not have been sent.</summary>
    Submitting,

    /// <summary>Springest has it.</summary>
    Accepted,

    /// <summary>Refused by our checks or by Springest.</summary>
    Rejected,

    /// <summary>Submitted before, by the row that <see cref="SubmissionEntity.Submission"/> names.</summary>
    Duplicate,

    /// <summary>The request was sent and its answer never came.</summary>
    OutcomeUnknown,

    /// <summary>Its file was taken out of the drop before it was sent.</summary>
    Withdrawn,

    /// <summary>Given up on after the attempts of a day; a person decides.</summary>
    Held,

    /// <summary>A file still in the drop, whose state is that of the row that <see cref="SubmissionEntity.Submission"/> names.</summary>
    Linked,
}
