using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>An entry of <c>CertificateOpen</c>: a row of the ledger that something is still to happen to.</summary>
public sealed class OpenRowEntity : ITableEntity
{
    /// <summary>The site.</summary>
    public string PartitionKey { get; set; } = "";

    /// <summary>See <see cref="OpenRows"/>.</summary>
    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>Row key in the ledger.</summary>
    public string Row { get; set; } = "";

    /// <summary>When the entry was written.</summary>
    public DateTimeOffset Written { get; set; }

    // What a list of what is to be done says, as of the last change: the row itself is read by whoever does something.

    public SubmissionState State { get; set; }

    public string? Code { get; set; }

    public string? Message { get; set; }

    public string? Values { get; set; }

    public string? Stuck { get; set; }

    public string Blob { get; set; } = "";

    public DateTimeOffset Since { get; set; }

    /// <summary>When the row's file came.</summary>
    public DateTimeOffset Received { get; set; }

    /// <summary>The row's certification and certificate, where it has them.</summary>
    public long? CertificationId { get; set; }

    public long? CertificateId { get; set; }
}
