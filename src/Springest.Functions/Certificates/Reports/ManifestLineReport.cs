namespace Springest.Functions.Certificates.Reports;

/// <summary>A line of a manifest in its report.</summary>
/// <param name="Line">Its number.</param>
/// <param name="File">The file that it names.</param>
/// <param name="State">What the file came to: <c>accepted</c>, <c>rejected</c>, <c>duplicate</c>, <c>replaced</c>, or <c>missing</c> if it
/// never came.</param>
/// <param name="Code">Why, see <see cref="Reason"/>.</param>
/// <param name="Message">What is wrong with the line itself.</param>
/// <param name="CertificateId">The id that Springest gave.</param>
public sealed record ManifestLineReport(
    int Line,
    string File,
    string State,
    string? Code = null,
    string? Message = null,
    long? CertificateId = null)
{
    public const string Missing = "missing";
    public const string Rejected = "rejected";
}
