using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>An entry of <c>CertificateIndex</c>: a row of the ledger under something that it is looked for by.</summary>
public sealed class LedgerIndexEntity : ITableEntity
{
    /// <summary>The site.</summary>
    public string PartitionKey { get; set; } = "";

    /// <summary>See <see cref="LedgerIndex"/>.</summary>
    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>Row key in the ledger.</summary>
    public string Row { get; set; } = "";

    /// <summary>When the row came into the state that the entry stands for.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>The row's certification and certificate, where it has them.</summary>
    public long? CertificationId { get; set; }

    public long? CertificateId { get; set; }
}
