using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Submission;

/// <summary>
/// A row of <c>CertificateGuards</c>: a person's submissions for a certification that may be sent, one for each certificate; as JSON in
/// the columns <c>Entries</c>, <c>Entries2</c> ... Its keys are the site, and the person as a keyed hash with the certification.
/// </summary>
internal static class GuardEntity
{
    public const string Format = nameof(Format);

    private const string Entries = nameof(Entries);

    // A row holds 1 MiB at two bytes a character.
    private const int MostLetters = 17 * StoredText.PieceLength;

    public static string KeyOf(SubmissionEntity row)
        => string.Create(CultureInfo.InvariantCulture, $"{row.Person}-{row.CertificationId:D19}");

    public static List<GuardEntry> Read(TableEntity guard)
        => StoredText.Get(guard, Entries) is { Length: > 0 } json ? JsonSerializer.Deserialize<List<GuardEntry>>(json)! : [];

    /// <exception cref="GuardFullException">There are more than a row can hold.</exception>
    public static void Write(TableEntity guard, IEnumerable<GuardEntry> entries)
    {
        var json = JsonSerializer.Serialize(entries);
        if (json.Length > MostLetters)
            throw new GuardFullException();
        guard[Format] = LedgerRow.CurrentFormat;
        StoredText.Put(guard, Entries, json);
    }
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
    public bool IsSameCertificate(GuardEntry other)
        => ValidFrom == other.ValidFrom
            && (ValidUntil is null || other.ValidUntil is null || ValidUntil == other.ValidUntil)
            && (Booking is null || other.Booking is null || Booking == other.Booking);

    /// <summary>With what the row says and it does not.</summary>
    public GuardEntry Learn(SubmissionEntity row)
        => this with { ValidUntil = ValidUntil ?? row.ValidUntil, Booking = Booking ?? row.Booking };
}

/// <summary>There is no room for another certificate of the same person and certification.</summary>
internal sealed class GuardFullException() : Exception(
    "A person has more certificates for a certification than a row of CertificateGuards can hold. This one is not sent.");
