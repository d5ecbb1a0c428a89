using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates;

/// <summary>What a file is submitted with, checked.</summary>
public sealed record CertificateFields(long CertificationId, string Email, DateOnly ValidFrom, DateOnly? ValidUntil, long? BookingId)
{
    /// <summary>The submission key: two files with the same bytes and the same fields are the same certificate.</summary>
    public string KeyWith(string contentHash)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
            '\n', contentHash, Text(CertificationId), Email.ToLowerInvariant(), Text(ValidFrom), Text(ValidUntil), Text(BookingId)))));

    /// <summary>What a row says; null if it does not.</summary>
    public static CertificateFields? Of(SubmissionEntity? row)
        => row is { CertificationId: { } certification, Email: { } email, ValidFrom: { } from }
            ? new(certification, email, Date(from), row.ValidUntil is { } until ? Date(until) : null, row.BookingId)
            : null;

    public void PutInto(SubmissionEntity row)
    {
        (row.CertificationId, row.Email, row.BookingId) = (CertificationId, Email, BookingId);
        (row.ValidFrom, row.ValidUntil) = (Text(ValidFrom), Text(ValidUntil));
    }

    public static string? Text(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
