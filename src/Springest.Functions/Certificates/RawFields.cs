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

    public bool IsEmpty => (CertificationId ?? Certification ?? Email ?? ValidFrom ?? ValidUntil ?? BookingId) is null;

    /// <summary>Collects the fields by name, composed; blanks count as not said.</summary>
    public static RawFields From(Func<string, string?> value)
    {
        return new(Read(Names[0]), Read(Names[1]), Read(Names[2]), Read(Names[3]), Read(Names[4]), Read(Names[5]));

        string? Read(string name) => value(name)?.Trim() is { Length: > 0 } text ? NormalizedText.Of(text) : null;
    }
}
