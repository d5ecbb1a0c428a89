using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// What the ledger says of a file, in one row: as a submission, or as a file that has not become one. Its row key is the file's id
/// (<c>DroppedFile.Id</c>).
/// </summary>
public abstract class LedgerRow : ITableEntity
{
    /// <summary>The format that this version of the app writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The site.</summary>
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>What it is a row of: <c>submission</c> or <c>file</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Which format it is in; who meets a newer one leaves the row alone.</summary>
    public int Format { get; set; }

    public SubmissionState State { get; set; }

    /// <summary>Why it is in this state: a code, see <c>Reason</c>.</summary>
    public string? Code { get; set; }

    /// <summary>The same as a sentence, in the site's language.</summary>
    public string? Message { get; set; }

    /// <summary>What the sentence speaks of, for other languages (<c>Problem.Unpack</c>).</summary>
    public string? Values { get; set; }

    /// <summary>What is put beside the moved file, as JSON (<c>CertificateReport</c>); set with the last state.</summary>
    public string? Report { get; set; }

    /// <summary>
    /// Why storage does not hand over or let go of its file, whatever its state: a sentence's values as in <see cref="Values"/>. Null if
    /// it does.
    /// </summary>
    public string? Stuck { get; set; }

    /// <summary>True from the last state on until the file is moved and the report written.</summary>
    public bool Unreported { get; set; }

    /// <summary>True while somebody has yet to do something about a refusal: correct and send it, or dismiss it.</summary>
    public bool Unhandled { get; set; }

    /// <summary>
    /// What closes its refusal once it is accepted, beside a person: keyed hashes of its identity, its list's line, or its name.
    /// </summary>
    public string? ClosedBy { get; set; }

    /// <summary>Name of the file in the drop.</summary>
    public string Blob { get; set; } = "";

    /// <summary>Which one it was of those that had this name.</summary>
    [IgnoreDataMember]
    internal string FileId => RowKey;

    /// <summary>SHA-256 of the bytes, in hexadecimal.</summary>
    public string? ContentHash { get; set; }

    public long Size { get; set; }

    /// <summary>The id that Springest gave.</summary>
    public long? CertificateId { get; set; }

    public DateTimeOffset Received { get; set; }

    /// <summary>When it came into its state.</summary>
    public DateTimeOffset Updated { get; set; }

    /// <summary>Not to be taken up before this.</summary>
    public DateTimeOffset? Due { get; set; }

    /// <summary>Names of its entries among the open rows (<see cref="OpenRows"/>).</summary>
    public string? OpenAs { get; set; }

    /// <summary>What is counted of the row as it is stored; null before it is.</summary>
    [IgnoreDataMember]
    internal RowFigures? Stored { get; set; }

    /// <summary>Takes over the place of another row, which it is to be written over; of none, if there is no row yet.</summary>
    internal void TakePlaceOf(LedgerRow? row)
        => (ETag, OpenAs, Stored) = (row?.ETag ?? default, row?.OpenAs, row?.Stored);

    /// <summary>What is counted of it.</summary>
    [IgnoreDataMember]
    internal virtual RowFigures Figures => new(State, IsSubmission: false, IsUnverified: false);
}

/// <summary>What the counters count of a row.</summary>
/// <param name="State">Its state.</param>
/// <param name="IsSubmission">Whether it is a submission's.</param>
/// <param name="IsUnverified">Whether it is accepted and nobody has seen it verified yet.</param>
internal readonly record struct RowFigures(SubmissionState State, bool IsSubmission, bool IsUnverified);
