using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// A row of the ledger, either of a certificate (row key: <c>CertificateFields.KeyWith</c>) or of a file that did not come
/// to be submitted under a key of its own (row key: <c>file-</c> and <c>DroppedFile.Id</c>).
/// </summary>
public sealed class SubmissionEntity : ITableEntity
{
    /// <summary>The site.</summary>
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public SubmissionState State { get; set; }

    /// <summary>Why it is in this state: a code, see <c>Reason</c>.</summary>
    public string? Code { get; set; }

    /// <summary>The same as a sentence.</summary>
    public string? Message { get; set; }

    /// <summary>What is put beside the moved file, as JSON (<c>CertificateReport</c>); set with the last state.</summary>
    public string? Report { get; set; }

    /// <summary>True from the last state on until the file is moved and the report written.</summary>
    public bool Unreported { get; set; }

    /// <summary>Name of the file in the drop, and which one it was of those that had this name (<c>DroppedFile.Id</c>).</summary>
    public string Blob { get; set; } = "";

    public string FileId { get; set; } = "";

    /// <summary>SHA-256 of the bytes, in hexadecimal.</summary>
    public string? ContentHash { get; set; }

    public long Size { get; set; }

    public long? CertificationId { get; set; }

    public string? Email { get; set; }

    /// <summary>The first day of validity, as yyyy-MM-dd.</summary>
    public string? ValidFrom { get; set; }

    /// <summary>The last day of validity, as yyyy-MM-dd.</summary>
    public string? ValidUntil { get; set; }

    public long? BookingId { get; set; }

    /// <summary>The id that Springest gave.</summary>
    public long? CertificateId { get; set; }

    /// <summary>Row key of the submission that this one is a duplicate of, or linked to.</summary>
    public string? Submission { get; set; }

    public DateTimeOffset Received { get; set; }

    /// <summary>When it came into its state.</summary>
    public DateTimeOffset Updated { get; set; }

    /// <summary>How often it was tried without success.</summary>
    public int Failures { get; set; }

    /// <summary>When the first attempt was made since it was last received.</summary>
    public DateTimeOffset? FirstAttempt { get; set; }

    /// <summary>When the last attempt was made.</summary>
    public DateTimeOffset? LastAttempt { get; set; }

    /// <summary>Not to be taken up before this.</summary>
    public DateTimeOffset? Due { get; set; }

    /// <summary>Whose it is while it is being submitted, and until when.</summary>
    public string? Claim { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>How far Springest says that the certificate is, such as <c>verified</c>; null until it was seen there.</summary>
    public string? Verification { get; set; }

    /// <summary>When it was first seen to have been verified.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>The row's entries in the index (<see cref="LedgerIndex"/>).</summary>
    public string? IndexNames { get; set; }
}
