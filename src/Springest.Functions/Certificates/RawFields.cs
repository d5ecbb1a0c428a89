namespace Springest.Functions.Certificates;

/// <summary>What somebody wrote about a file, unchecked. Null where nothing was said.</summary>
public sealed record RawFields(string? CertificationId, string? Email, string? ValidFrom, string? ValidUntil, string? BookingId)
{
    public static readonly IReadOnlyList<string> Names = ["certification_id", "email", "valid_from", "valid_until", "booking_id"];

    public bool IsEmpty => (CertificationId ?? Email ?? ValidFrom ?? ValidUntil ?? BookingId) is null;

    /// <summary>Collects the fields by name; blanks count as not said.</summary>
    public static RawFields From(Func<string, string?> value)
    {
        return new(Read(Names[0]), Read(Names[1]), Read(Names[2]), Read(Names[3]), Read(Names[4]));

        string? Read(string name) => value(name)?.Trim() is { Length: > 0 } text ? text : null;
    }
}
