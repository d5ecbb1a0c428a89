using System.Collections.Frozen;
using System.Globalization;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates;

/// <summary>What somebody wrote about a file, unchecked. Null where nothing was said.</summary>
/// <param name="CertificationId">The certification's number.</param>
/// <param name="Certification">The certification's name, for those who do not have the number at hand.</param>
/// <param name="Email">Who earned it.</param>
/// <param name="ValidFrom">The first day of validity.</param>
/// <param name="ValidUntil">The last day of validity.</param>
/// <param name="BookingId">The booking that led to it.</param>
public sealed record RawFields(
    string? CertificationId,
    string? Certification,
    string? Email,
    string? ValidFrom,
    string? ValidUntil,
    string? BookingId)
{
    public static readonly IReadOnlyList<string> Names =
    [
        "certification_id",
        "certification",
        "email",
        "valid_from",
        "valid_until",
        "booking_id",
    ];

    // What offices call them.
    private static readonly FrozenDictionary<string, string> s_others = new Dictionary<string, string>
    {
        ["certificering"] = "certification", ["zertifizierung"] = "certification",
        ["certificering_id"] = "certification_id", ["certificeringsnummer"] = "certification_id",
        ["zertifizierung_id"] = "certification_id", ["zertifizierungsnummer"] = "certification_id",
        ["e_mail"] = "email", ["email_address"] = "email", ["e_mail_address"] = "email",
        ["e_mailadres"] = "email", ["emailadres"] = "email", ["e_mail_adresse"] = "email", ["e_mailadresse"] = "email",
        ["geldig_vanaf"] = "valid_from", ["geldig_van"] = "valid_from", ["gültig_ab"] = "valid_from", ["gültig_von"] = "valid_from",
        ["geldig_tot"] = "valid_until", ["geldig_tot_en_met"] = "valid_until", ["geldig_t/m"] = "valid_until",
        ["gültig_bis"] = "valid_until",
        ["booking"] = "booking_id", ["boeking"] = "booking_id", ["boekingsnummer"] = "booking_id", ["boeking_id"] = "booking_id",
        ["buchung"] = "booking_id", ["buchungsnummer"] = "booking_id", ["buchung_id"] = "booking_id",
    }.ToFrozenDictionary();

    /// <summary>What was said, by the names of the fields.</summary>
    public Dictionary<string, string> ToDictionary()
        => Names.Zip([CertificationId, Certification, Email, ValidFrom, ValidUntil, BookingId])
            .Where(field => field.Second is not null)
            .ToDictionary(field => field.First, field => field.Second!);

    public bool IsEmpty => (CertificationId ?? Certification ?? Email ?? ValidFrom ?? ValidUntil ?? BookingId) is null;

    /// <summary>
    /// The field that a column or property stands for, in English, Dutch or German, whatever its case; null if it is none.
    /// </summary>
    public static string? NameOf(string written)
    {
        var name = Plain(written);
        return Names.Contains(name) ? name : s_others.GetValueOrDefault(name);
    }

    /// <summary>A name in lowercase letters, with underscores for blanks and hyphens of any kind, and nothing invisible.</summary>
    public static string Plain(string written)
        => string.Concat(
            NormalizedText.Of(NormalizedText.Trim(written)).ToLowerInvariant()
                .Where(each => char.GetUnicodeCategory(each) != UnicodeCategory.Format)
                .Select(each => char.IsWhiteSpace(each) || char.GetUnicodeCategory(each) == UnicodeCategory.DashPunctuation ? '_' : each));

    /// <summary>Collects the fields by name, composed; blanks count as not said, and a name that is a number as the number.</summary>
    public static RawFields From(Func<string, string?> value)
    {
        var (id, name) = (Read(Names[0]), Read(Names[1]));
        if (id is null && name?.All(char.IsAsciiDigit) is true)
            (id, name) = (name, null);
        return new(id, name, Read(Names[2]), Read(Names[3]), Read(Names[4]), Read(Names[5]));

        string? Read(string field)
            => value(field) is { } text && NormalizedText.Trim(text) is { Length: > 0 } said ? NormalizedText.Of(said) : null;
    }
}
