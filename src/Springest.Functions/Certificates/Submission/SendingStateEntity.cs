using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates.Submission;

/// <summary>A row of <c>CertificateState</c>: whether a site's certificates are sent.</summary>
public sealed class SendingStateEntity : ITableEntity
{
    public const string Key = "sending";

    /// <summary>The site.</summary>
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = Key;

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public int Format { get; set; } = LedgerRow.CurrentFormat;

    /// <summary>Since when nothing is sent by somebody's will, and by whose; null while it is.</summary>
    public DateTimeOffset? StoppedAt { get; set; }

    public string? StoppedBy { get; set; }

    /// <summary>After a restore: from when on nobody knows what was sent; the epoch where there was no copy.</summary>
    public DateTimeOffset? GapFrom { get; set; }

    /// <summary>Of a restore that is due: how many lines of the copy are back. Null once it has come to its end.</summary>
    public int? RestoredLines { get; set; }

    /// <summary>Since when Springest takes nothing, and what it answered last; null while it does.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    public string? PauseCause { get; set; }

    /// <summary>Which key it was paused under, as a hash; another one may be let in.</summary>
    public string? PausedKey { get; set; }

    /// <summary>How often it was tried since, when the next may be, and with which certifications in this round.</summary>
    public int Probes { get; set; }

    public DateTimeOffset? NextProbe { get; set; }

    public string Probed { get; set; } = "[]";

    /// <summary>When Springest last took one, as far as it matters for what follows.</summary>
    public DateTimeOffset? LastAccepted { get; set; }

    /// <summary>When nobody could tell what became of one, and none was taken since.</summary>
    public DateTimeOffset? LastUnknown { get; set; }

    /// <summary>The certifications that Springest refused, as JSON (<see cref="RefusedCertification"/>).</summary>
    public string Refused { get; set; } = "[]";

    internal List<RefusedCertification> ReadRefused() => JsonSerializer.Deserialize<List<RefusedCertification>>(Refused)!;

    internal void Write(IEnumerable<RefusedCertification> refused) => Refused = JsonSerializer.Serialize(refused);

    internal List<long> ReadProbed() => JsonSerializer.Deserialize<List<long>>(Probed)!;

    internal void WriteProbed(IEnumerable<long> certifications) => Probed = JsonSerializer.Serialize(certifications);

    internal void EndPause() => (PausedAt, PauseCause, PausedKey, Probes, NextProbe, Probed) = (null, null, null, 0, null, "[]");
}

/// <summary>A certification that Springest did not let the key submit for.</summary>
/// <param name="Id">The certification.</param>
/// <param name="Since">When it was first refused.</param>
/// <param name="Last">When it was last refused.</param>
/// <param name="Cause">What Springest answered.</param>
/// <param name="Probes">How often it was tried since.</param>
/// <param name="Next">When it may be tried next.</param>
internal sealed record RefusedCertification(
    long Id, DateTimeOffset Since, DateTimeOffset Last, string Cause, int Probes, DateTimeOffset Next);
