using System.Globalization;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates;

/// <summary>What a file is submitted with, checked.</summary>
public sealed record CertificateFields(long CertificationId, string Email, DateOnly ValidFrom, DateOnly? ValidUntil, long? BookingId)
{
    /// <summary>What a row says; null if only its stub is left.</summary>
    public static CertificateFields? Of(SubmissionEntity row)
        => row.Email is { } email
            ? new(row.CertificationId, email, Date(row.ValidFrom), row.ValidUntil is { } until ? Date(until) : null, row.BookingId)
            : null;

    public void PutInto(SubmissionEntity row, LedgerKey key)
    {
        (row.CertificationId, row.Email, row.Person) = (CertificationId, Email, key.Person(Email));
        (row.BookingId, row.Booking) = (BookingId, BookingId is { } booking ? key.Booking(booking) : null);
        (row.ValidFrom, row.ValidUntil) = (Text(ValidFrom)!, Text(ValidUntil));
    }

    public static string? Text(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
