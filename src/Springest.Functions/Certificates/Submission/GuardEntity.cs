using System.Globalization;
using System.Text;
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

    // A column holds 32,768 characters, and a row 1 MiB at two bytes a character.
    private const int PieceLength = 30_000;
    private const int MostPieces = 17;

    public static string KeyOf(SubmissionEntity row)
        => string.Create(CultureInfo.InvariantCulture, $"{row.Person}-{row.CertificationId:D19}");

    public static List<GuardEntry> Read(TableEntity guard)
    {
        var json = new StringBuilder();
        for (var index = 0; guard.GetString(Column(index)) is { } piece; index++)
            json.Append(piece);
        return json.Length == 0 ? [] : JsonSerializer.Deserialize<List<GuardEntry>>(json.ToString())!;
    }

    /// <exception cref="InvalidOperationException">There are more than a row can hold.</exception>
    public static void Write(TableEntity guard, IEnumerable<GuardEntry> entries)
    {
        var pieces = StoredText.Pieces(JsonSerializer.Serialize(entries), PieceLength).ToList();
        if (pieces.Count > MostPieces)
            throw new InvalidOperationException(
                "A person has more certificates for a certification than a row of CertificateGuards can hold. This one is not sent.");
        guard[Format] = LedgerRow.CurrentFormat;
        foreach (var (index, piece) in pieces.Index())
            guard[Column(index)] = piece;
        // They may have become shorter.
        for (var index = pieces.Count; guard.Remove(Column(index)); index++)
        {
        }
    }

    private static string Column(int index) => index == 0 ? "Entries" : string.Create(CultureInfo.InvariantCulture, $"Entries{index + 1}");
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
