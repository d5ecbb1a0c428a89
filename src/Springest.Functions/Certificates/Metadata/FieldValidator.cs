using System.Globalization;
using System.Text.RegularExpressions;
using Springest.Client;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Metadata;

/// <summary>Checks what is said about a file, so that nothing is sent that Springest would refuse for a reason known beforehand.</summary>
public sealed partial class FieldValidator(CatalogueMirror catalogue, CertificationNameIndex names)
{
    // Of certifications with the same name, in a sentence.
    private const int MostNamed = 10;

    /// <returns>
    /// The fields if nothing is wrong with them; null otherwise, with every problem added to <paramref name="problems"/>. One of them is
    /// <see cref="Reason.WaitingForCatalogue"/> while the mirror knows too little.
    /// </returns>
    public async Task<CertificateFields?> CheckAsync(
        string site,
        RawFields raw,
        List<Problem> problems,
        CancellationToken cancellationToken)
    {
        var found = problems.Count;
        var certification = await CertificationAsync(site, raw, problems, cancellationToken);
        var email = Email(raw.Email, problems);
        var from = Date(raw.ValidFrom, "valid_from", Reason.ValidFromMissing, Reason.ValidFromInvalid, problems);
        var until = Date(raw.ValidUntil, "valid_until", null, Reason.ValidUntilInvalid, problems);
        var booking = Number(raw.BookingId, "booking_id", null, Reason.BookingIdInvalid, problems);
        if (until < from)
            problems.Add(
                Problem.About("valid_until", Reason.ValidUntilTooEarly, CertificateFields.Text(from), CertificateFields.Text(until)));
        if (certification?.RequiresValidUntil == true && raw.ValidUntil is null)
            problems.Add(Problem.About("valid_until", Reason.ValidUntilNeeded, certification.Id));
        return problems.Count == found ? new CertificateFields(certification!.Id, email!, from!.Value, until, booking) : null;
    }

    /// <summary>
    /// The mirrored certification that is meant, by its number or its name. Where both are given, both must mean the same one.
    /// </summary>
    private async Task<Certification?> CertificationAsync(
        string site,
        RawFields raw,
        List<Problem> problems,
        CancellationToken cancellationToken)
    {
        if (raw is { CertificationId: null, Certification: { } name })
            return await NamedAsync(site, name, problems, cancellationToken);
        if (
            Number(raw.CertificationId, "certification_id", Reason.CertificationIdMissing, Reason.CertificationIdInvalid, problems)
            is not { } id)
            return null;
        if (await catalogue.FindCertificationAsync(site, id, cancellationToken) is { } found)
        {
            if (raw.Certification is null || raw.Certification == NormalizedText.Of(found.Name))
                return found;
            problems.Add(Problem.About("certification", Reason.CertificationMismatch, id, found.Name, Shorten(raw.Certification)));
        }
        else
        {
            problems.Add(await MirroredAsync(site, cancellationToken) is { } mirrored
                ? Problem.About("certification_id", Reason.CertificationUnknown, id, site, mirrored)
                : Problem.About(null, Reason.WaitingForCatalogue, site));
        }

        return null;
    }

    private async Task<Certification?> NamedAsync(string site, string name, List<Problem> problems, CancellationToken cancellationToken)
    {
        var ids = await names.FindAsync(site, name, cancellationToken);
        // The names are those after the last pass; what it is called now is in its row.
        if (
            ids is [var id]
            && await catalogue.FindCertificationAsync(site, id, cancellationToken) is { } found
            && NormalizedText.Of(found.Name) == name)
            return found;
        problems.Add(
            ids is null ? Problem.About(null, Reason.WaitingForCatalogue, site)
            : ids.Count > 1
                ? Problem.About("certification", Reason.CertificationAmbiguous, Shorten(name), string.Join(", ", ids.Take(MostNamed)))
            : Problem.About(
                "certification",
                Reason.CertificationNameUnknown,
                Shorten(name),
                site,
                await MirroredAsync(site, cancellationToken)));
        return null;
    }

    /// <summary>When the certifications were last read, since one that is not found may have come later; null if they never were.</summary>
    private Task<DateTimeOffset?> MirroredAsync(string site, CancellationToken cancellationToken)
        => catalogue.LastProofAsync(new(site, Certifications.Description), cancellationToken);

    private static string? Email(string? text, List<Problem> problems)
    {
        if (text is null)
            problems.Add(Problem.About("email", Reason.EmailMissing));
        else if (text.Length > 254 || !EmailPattern().IsMatch(text))
            problems.Add(Problem.About("email", Reason.EmailInvalid, Shorten(text)));
        else
            return text;
        return null;
    }

    private static long? Number(string? text, string field, string? missing, string invalid, List<Problem> problems)
    {
        if (text is null)
        {
            if (missing is not null)
                problems.Add(Problem.About(field, missing));
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        problems.Add(Problem.About(field, invalid, Shorten(text)));
        return null;
    }

    private static DateOnly? Date(string? text, string field, string? missing, string invalid, List<Problem> problems)
    {
        if (text is null)
        {
            if (missing is not null)
                problems.Add(Problem.About(field, missing));
            return null;
        }

        if (
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year is >= 1900 and < 2200)
            return date;
        problems.Add(Problem.About(field, invalid, Shorten(text)));
        return null;
    }

    private static string Shorten(string text) => StoredText.Shorten(NormalizedText.Show(text), 100);

    // Looser than the standard in what it takes, but nothing that could be two addresses, a name, or a header. A quote in front is the mark
    // by which spreadsheets tell a text from a formula, and no part of it.
    [GeneratedRegex(
        @"^(?![.'])(?!.*\.[.@])[^\s\p{C}@,;:<>()\[\]\\""‘’“”]{1,64}@([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex EmailPattern();
}
