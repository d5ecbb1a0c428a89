using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates.Submission;

/// <summary>
/// A row of <c>CertificateGuards</c>: a person's submissions for a certification that may be sent, one for each certificate.
/// </summary>
public sealed class GuardEntity : ITableEntity
{
    /// <summary>The site.</summary>
    public string PartitionKey { get; set; } = "";

    /// <summary>The person as a keyed hash, and the certification.</summary>
    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public int Format { get; set; } = LedgerRow.CurrentFormat;

    /// <summary>The submissions, as JSON (<see cref="GuardEntry"/>).</summary>
    public string Entries { get; set; } = "[]";

    internal List<GuardEntry> Read() => JsonSerializer.Deserialize<List<GuardEntry>>(Entries)!;

    internal void Write(IEnumerable<GuardEntry> entries) => Entries = JsonSerializer.Serialize(entries);
}

/// <summary>One of a person's certificates.</summary>
/// <param name="Key">Row key of the submission that may be sent as this certificate; no other may.</param>
/// <param name="ValidFrom">The first day of validity.</param>
/// <param name="ValidUntil">The last day of validity, if somebody has said it.</param>
/// <param name="Booking">The booking as a keyed hash, if somebody has said it.</param>
/// <param name="IsLetThrough">Whether a person wants it submitted although another one is the same.</param>
internal sealed record GuardEntry(string Key, string ValidFrom, string? ValidUntil, string? Booking, bool IsLetThrough = false)
{
    public static GuardEntry Of(SubmissionEntity row) => new(row.RowKey, row.ValidFrom, row.ValidUntil, row.Booking);

    /// <summary>Whether it is the same certificate: what only one of them says tells nothing apart.</summary>
    public bool IsSameCertificate(SubmissionEntity row)
        => ValidFrom == row.ValidFrom
            && (ValidUntil is null || row.ValidUntil is null || ValidUntil == row.ValidUntil)
            && (Booking is null || row.Booking is null || Booking == row.Booking);

    /// <summary>With what the row says and it does not.</summary>
    public GuardEntry Learn(SubmissionEntity row)
        => this with { ValidUntil = ValidUntil ?? row.ValidUntil, Booking = Booking ?? row.Booking };
}
