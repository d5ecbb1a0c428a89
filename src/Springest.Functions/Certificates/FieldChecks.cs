using System.Globalization;
using System.Text.RegularExpressions;
using Springest.Functions.Catalogue;

namespace Springest.Functions.Certificates;

/// <summary>Checks what is said about a file, so that nothing is sent that Springest would refuse for a reason known beforehand.</summary>
public sealed partial class FieldChecks(CatalogueMirror catalogue, Sentences sentences)
{
    /// <returns>The fields if nothing is wrong with them; null otherwise, with every problem added to <paramref name="problems"/>.</returns>
    public CertificateFields? Check(RawFields raw, List<Problem> problems)
    {
        var found = problems.Count;
        var certification = Number(raw.CertificationId, "certification_id", Reason.CertificationIdMissing, Reason.CertificationIdInvalid, problems);
        var email = Email(raw.Email, problems);
        var from = Date(raw.ValidFrom, "valid_from", Reason.ValidFromMissing, Reason.ValidFromInvalid, problems);
        var until = Date(raw.ValidUntil, "valid_until", null, Reason.ValidUntilInvalid, problems);
        var booking = Number(raw.BookingId, "booking_id", null, Reason.BookingIdInvalid, problems);
        if (until < from)
            problems.Add(sentences.About("valid_until", Reason.ValidUntilTooEarly, CertificateFields.Text(from), CertificateFields.Text(until)));
        return problems.Count == found ? new CertificateFields(certification!.Value, email!, from!.Value, until, booking) : null;
    }

    /// <summary>Checks the fields against the mirrored certification.</summary>
    /// <returns>Null if they fit; otherwise the problem, which is <see cref="Reason.WaitingForCatalogue"/> while the mirror knows too little.</returns>
    public async Task<Problem?> CheckCertificationAsync(string site, CertificateFields fields, CancellationToken cancellationToken)
    {
        if (await catalogue.FindCertificationAsync(site, fields.CertificationId, cancellationToken) is { } certification)
        {
            return certification.RequiresValidUntil && fields.ValidUntil is null
                ? sentences.About("valid_until", Reason.ValidUntilNeeded, fields.CertificationId)
                : null;
        }

        return await catalogue.HasCompletedPassAsync(site, CatalogueResource.Certifications, cancellationToken)
            ? sentences.About("certification_id", Reason.CertificationUnknown, fields.CertificationId, site)
            : sentences.About(null, Reason.WaitingForCatalogue, site);
    }

    private string? Email(string? text, List<Problem> problems)
    {
        if (text is null)
            problems.Add(sentences.About("email", Reason.EmailMissing));
        else if (text.Length > 254 || !EmailPattern().IsMatch(text))
            problems.Add(sentences.About("email", Reason.EmailInvalid, Shorten(text)));
        else
            return text;
        return null;
    }

    private long? Number(string? text, string field, string? missing, string invalid, List<Problem> problems)
    {
        if (text is null)
        {
            if (missing is not null)
                problems.Add(sentences.About(field, missing));
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        problems.Add(sentences.About(field, invalid, Shorten(text)));
        return null;
    }

    private DateOnly? Date(string? text, string field, string? missing, string invalid, List<Problem> problems)
    {
        if (text is null)
        {
            if (missing is not null)
                problems.Add(sentences.About(field, missing));
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1900 and < 2200)
            return date;
        problems.Add(sentences.About(field, invalid, Shorten(text)));
        return null;
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";

    // Looser than the standard in what it takes, but nothing that could be two addresses, a name, or a header.
    [GeneratedRegex(@"^[^\s\p{C}@,;:<>()\[\]\\""]{1,64}@([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$", RegexOptions.ExplicitCapture)]
    private static partial Regex EmailPattern();
}
