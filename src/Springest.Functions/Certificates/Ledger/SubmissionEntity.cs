using System.Runtime.Serialization;
using Springest.Client;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// A file that is checked and to be submitted. What it is submitted with never changes, whatever is said beside the file later.
/// </summary>
public sealed class SubmissionEntity : LedgerRow
{
    internal const string KindName = "submission";

    public SubmissionEntity() => Kind = KindName;

    public long CertificationId { get; set; }

    /// <summary>Who earned it; null where only a stub is left.</summary>
    public string? Email { get; set; }

    /// <summary>The same as a keyed hash (<see cref="LedgerKey"/>).</summary>
    public string Person { get; set; } = "";

    /// <summary>The first day of validity, as yyyy-MM-dd.</summary>
    public string ValidFrom { get; set; } = "";

    /// <summary>The last day of validity, as yyyy-MM-dd.</summary>
    public string? ValidUntil { get; set; }

    public long? BookingId { get; set; }

    /// <summary>The booking as a keyed hash.</summary>
    public string? Booking { get; set; }

    /// <summary>Which version of a list said what it is for, and what its line said, as a keyed hash; null if none did.</summary>
    public string? Manifest { get; set; }

    public string? Line { get; set; }

    /// <summary>Row key of the submission that it is a duplicate of, waits for, or was replaced by.</summary>
    public string? Other { get; set; }

    /// <summary>Number of an earlier certificate of the same person and certification, with other dates.</summary>
    public long? EarlierCertificateId { get; set; }

    /// <summary>Whose it is while it is being submitted: the protocol's version and a random token; and until when.</summary>
    public string? Claim { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>When the holder of the claim began to send; null if he did not, or what was sent is certainly over.</summary>
    public DateTimeOffset? Sending { get; set; }

    /// <summary>Since when nobody knows whether it arrived.</summary>
    public DateTimeOffset? DoubtSince { get; set; }

    /// <summary>How far Springest says that the certificate is, such as <c>verified</c>; null until it was seen there.</summary>
    public string? Verification { get; set; }

    /// <summary>When it was first seen to have been verified.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>When asking whether it was verified was given up.</summary>
    public DateTimeOffset? GivenUpAt { get; set; }

    /// <summary>Notes how far Springest says that the certificate is.</summary>
    /// <returns>True if it has been verified since the last time.</returns>
    internal bool NoteStatus(CertificateStatus status, DateTimeOffset now)
    {
        var isNew = Verification != status.Value && (status == CertificateStatus.Verified || status == CertificateStatus.Expired);
        (Verification, VerifiedAt) = (status.Value, isNew ? now : VerifiedAt);
        return isNew;
    }

    [IgnoreDataMember]
    internal override RowFigures Figures
        => new(
            State,
            IsSubmission: true,
            this is { State: SubmissionState.Accepted, CertificateId: not null, VerifiedAt: null, GivenUpAt: null });
}
