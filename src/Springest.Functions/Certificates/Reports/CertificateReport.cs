using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates.Reports;

/// <summary>What is put beside a moved file, as JSON: its receipt, or the reason why it was refused.</summary>
public sealed record CertificateReport
{
    // Names and sentences are to stay readable in a text editor.
    private static readonly CertificateReportJson _json
        = new(new JsonSerializerOptions(CertificateReportJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary><c>accepted</c>, <c>rejected</c> or <c>duplicate</c>.</summary>
    public required string State { get; init; }

    /// <summary>The first problem's code and sentence.</summary>
    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>Every problem that was found.</summary>
    public IReadOnlyList<Problem>? Problems { get; init; }

    public string? Site { get; init; }

    /// <summary>Name of the file in the drop.</summary>
    public required string File { get; init; }

    /// <summary>Where it is now; missing if it was replaced or removed while it was worked on.</summary>
    public string? MovedTo { get; init; }

    /// <summary>The id that Springest gave.</summary>
    public long? CertificateId { get; init; }

    public string? CertificationId { get; init; }

    /// <summary>The certification's name, where it was given by that.</summary>
    public string? Certification { get; init; }

    public string? Email { get; init; }

    public string? ValidFrom { get; init; }

    public string? ValidUntil { get; init; }

    public string? BookingId { get; init; }

    /// <summary>Key of the submission in the ledger; a duplicate's names the first.</summary>
    public string? Submission { get; init; }

    /// <summary>SHA-256 of the bytes, in hexadecimal.</summary>
    public string? ContentHash { get; init; }

    public long Size { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>
    /// How far Springest says that the certificate is, and since when it is known to be verified. Not in receipts, which are written
    /// before.
    /// </summary>
    public string? Verification { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>A manifest's lines, and what became of each.</summary>
    public IReadOnlyList<ManifestLineReport>? Lines { get; init; }

    public static CertificateReport Of(SubmissionEntity row) => new()
    {
        State = row.State.ToString().ToLowerInvariant(),
        Code = row.Code,
        Message = row.Message,
        Site = row.PartitionKey == CertificateLedger.NoSite ? null : row.PartitionKey,
        File = row.Blob,
        CertificateId = row.CertificateId,
        CertificationId = row.CertificationId?.ToString(CultureInfo.InvariantCulture),
        Email = row.Email,
        ValidFrom = row.ValidFrom,
        ValidUntil = row.ValidUntil,
        BookingId = row.BookingId?.ToString(CultureInfo.InvariantCulture),
        ContentHash = row.ContentHash,
        Size = row.Size,
        At = row.Updated,
    };

    /// <summary>What there is to say of a row as it is now.</summary>
    public static CertificateReport OfNow(SubmissionEntity row)
        => (row.Report is { } report ? FromJson(report) : Of(row)) with
        {
            Submission = row.Submission ?? row.RowKey,
            Verification = row.Verification,
            VerifiedAt = row.VerifiedAt,
        };

    public static CertificateReport FromJson(string json) => JsonSerializer.Deserialize(json, _json.CertificateReport)!;

    public BinaryData ToJson() => new(JsonSerializer.SerializeToUtf8Bytes(this, _json.CertificateReport));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true
)]
[JsonSerializable(typeof(CertificateReport))]
[JsonSerializable(typeof(CertificatePage))]
internal sealed partial class CertificateReportJson : JsonSerializerContext;
