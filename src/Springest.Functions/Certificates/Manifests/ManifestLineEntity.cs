using Azure;
using Azure.Data.Tables;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>What became of a file that a manifest names: a row of <c>CertificateManifests</c>. It names nobody.</summary>
public sealed class ManifestLineEntity : ITableEntity
{
    /// <summary>The site and the manifest's name as a keyed hash.</summary>
    public string PartitionKey { get; set; } = "";

    /// <summary>The file's name as a keyed hash; or <c>list</c>, where the manifest itself was refused.</summary>
    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>Which version of the manifest said what the file is for, and what the line said, as a keyed hash.</summary>
    public string Manifest { get; set; } = "";

    public string Line { get; set; } = "";

    /// <summary>What the file came to: accepted, rejected, duplicate or replaced.</summary>
    public SubmissionState State { get; set; }

    public string? Code { get; set; }

    public long? CertificateId { get; set; }

    public DateTimeOffset At { get; set; }
}
