using System.Text.Json.Serialization;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Copies;

/// <summary>What a copy of the ledger says of itself, in its first line.</summary>
/// <param name="Format">The format of its rows.</param>
/// <param name="At">When it was begun.</param>
/// <param name="Check">Tells which key its hashes were made with.</param>
public sealed record LedgerCopyHeader(int Format, DateTimeOffset At, string Check);

/// <summary>What a copy of the ledger says of a submission: nothing about a person, and enough for it never to be sent again.</summary>
public sealed record SubmissionStub(
    string Key, SubmissionState State, string Person, string? Booking, long CertificationId, string ValidFrom, string? ValidUntil)
{
    public long? CertificateId { get; init; }

    public string? ContentHash { get; init; }

    public string? Other { get; init; }

    public DateTimeOffset Received { get; init; }

    public DateTimeOffset Updated { get; init; }

    public DateTimeOffset? DoubtSince { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    public bool Unhandled { get; init; }

    /// <summary>Whether a person has let it through, as a duplicate.</summary>
    public bool IsLetThrough { get; init; }

    public static SubmissionStub Of(SubmissionEntity row)
        => new(row.RowKey, row.State, row.Person, row.Booking, row.CertificationId, row.ValidFrom, row.ValidUntil)
        {
            CertificateId = row.CertificateId,
            ContentHash = row.ContentHash,
            Other = row.Other,
            Received = row.Received,
            Updated = row.Updated,
            DoubtSince = row.DoubtSince,
            VerifiedAt = row.VerifiedAt,
            Unhandled = row.Unhandled,
            IsLetThrough = row.Code == Reason.LetThrough,
        };

    public SubmissionEntity ToRow(string site) => new()
    {
        PartitionKey = site,
        RowKey = Key,
        State = State,
        Person = Person,
        Booking = Booking,
        CertificationId = CertificationId,
        ValidFrom = ValidFrom,
        ValidUntil = ValidUntil,
        CertificateId = CertificateId,
        ContentHash = ContentHash,
        Other = Other,
        Received = Received,
        Updated = Updated,
        DoubtSince = DoubtSince,
        VerifiedAt = VerifiedAt,
        Unhandled = Unhandled,
        Code = IsLetThrough ? Reason.LetThrough : null,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(LedgerCopyHeader))]
[JsonSerializable(typeof(SubmissionStub))]
internal sealed partial class LedgerCopyJson : JsonSerializerContext;
