using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Http;

namespace Springest.Functions.Certificates.Reports;

/// <summary>What is put beside a moved file, as JSON: its receipt, or the reason why it was refused.</summary>
public sealed record CertificateReport
{
    // Names and sentences are to stay readable in a text editor.
    private static readonly CertificateReportJson _json
        = new(new JsonSerializerOptions(CertificateReportJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary><c>accepted</c>, <c>rejected</c>, <c>duplicate</c> or <c>replaced</c>; in the ledger's own answers any state.</summary>
    public required string State { get; init; }

    /// <summary>The first problem's code and sentence.</summary>
    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>What the sentence speaks of, so that it can be said in another language.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>Every problem that was found.</summary>
    public IReadOnlyList<Problem>? Problems { get; init; }

    public string? Site { get; init; }

    /// <summary>Name of the file in the drop.</summary>
    public required string File { get; init; }

    /// <summary>Where it is now; missing if it was replaced or removed while it was worked on.</summary>
    public string? MovedTo { get; init; }

    /// <summary>The id that Springest gave.</summary>
    public long? CertificateId { get; init; }

    /// <summary>The id of an earlier certificate of the same person and certification, with other dates.</summary>
    public long? EarlierCertificateId { get; init; }

    public string? CertificationId { get; init; }

    /// <summary>The certification's name, where it was given by that.</summary>
    public string? Certification { get; init; }

    public string? Email { get; init; }

    public string? ValidFrom { get; init; }

    public string? ValidUntil { get; init; }

    public string? BookingId { get; init; }

    /// <summary>Key of the submission in the ledger.</summary>
    public string? Submission { get; init; }

    /// <summary>Key of the one that was submitted before; of a duplicate only.</summary>
    public string? DuplicateOf { get; init; }

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

    /// <summary>True while somebody has yet to do something about a refusal. Not in reports, which are written before.</summary>
    public bool? Unhandled { get; init; }

    /// <summary>What happened to a submission. In the ledger's own answer only.</summary>
    public IReadOnlyList<CertificateEvent>? History { get; init; }

    /// <summary>What is to be known of a manifest that was taken, such as how its encoding was understood.</summary>
    public Problem? Note { get; init; }

    /// <summary>A manifest's lines, and what became of each.</summary>
    public IReadOnlyList<ManifestLineReport>? Lines { get; init; }

    public static CertificateReport Of(LedgerRow row)
    {
        var report = new CertificateReport
        {
            State = row.State.ToString().ToLowerInvariant(),
            Code = row.Code,
            Message = row.Message,
            Values = row.Values is null ? null : Problem.Unpack(row.Values),
            Site = row.PartitionKey == CertificateLedger.NoSite ? null : row.PartitionKey,
            File = row.Blob,
            CertificateId = row.CertificateId,
            ContentHash = row.ContentHash,
            Size = row.Size,
            At = row.Updated,
        };
        return row is not SubmissionEntity submission ? report : report with
        {
            CertificationId = submission.CertificationId.ToString(CultureInfo.InvariantCulture),
            Email = submission.Email,
            ValidFrom = submission.ValidFrom,
            ValidUntil = submission.ValidUntil,
            BookingId = submission.BookingId?.ToString(CultureInfo.InvariantCulture),
            EarlierCertificateId = submission.EarlierCertificateId,
            Submission = submission.RowKey,
        };
    }

    /// <summary>What there is to say of a row as it is now.</summary>
    public static CertificateReport OfNow(LedgerRow row)
    {
        var submission = row as SubmissionEntity;
        // What was said at its end is not said again of what came after.
        var report = row.Report is { } said ? FromJson(said) : Of(row);
        return report with
        {
            State = row.State.ToString().ToLowerInvariant(),
            Submission = row.RowKey,
            DuplicateOf = submission?.State == SubmissionState.Duplicate ? submission.Other : null,
            Verification = submission?.Verification,
            VerifiedAt = submission?.VerifiedAt,
            Unhandled = row.Unhandled ? true : null,
        };
    }

    public static CertificateReport FromJson(string json) => JsonSerializer.Deserialize(json, _json.CertificateReport)!;

    public BinaryData ToJson() => new(JsonSerializer.SerializeToUtf8Bytes(this, _json.CertificateReport));
}

/// <summary>Something that happened to a submission.</summary>
/// <param name="At">When.</param>
/// <param name="Kind"><c>attempt</c>, or what a person decided.</param>
/// <param name="State">The state that it led to.</param>
/// <param name="Code">Why, see <see cref="Reason"/>.</param>
/// <param name="Status">The status that Springest answered with.</param>
/// <param name="By">Who decided it.</param>
public sealed record CertificateEvent(DateTimeOffset At, string Kind, string State, string? Code, int? Status, string? By)
{
    internal static CertificateEvent Of(LedgerEventEntity row)
        => new(row.At, row.Kind, row.State.ToString().ToLowerInvariant(), row.Code, row.Status, row.By);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true
)]
[JsonSerializable(typeof(CertificateReport))]
[JsonSerializable(typeof(Page<CertificateReport>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class CertificateReportJson : JsonSerializerContext;
