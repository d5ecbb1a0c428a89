using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>What a manifest says about one file.</summary>
/// <param name="Number">The line that it begins in, the header's being 1.</param>
/// <param name="File">Name of the file, in the manifest's own folder; composed.</param>
/// <param name="Fields">What is said.</param>
/// <param name="Problems">What is wrong with the line itself.</param>
public sealed record ManifestLine(int Number, string File, RawFields Fields, IReadOnlyList<Problem> Problems)
{
    /// <summary>Whether there can be such a file, so that it is worth waiting for.</summary>
    public bool CanCome => CanName(File);

    /// <summary>Whether a text can be the name of a file in the list's own folder.</summary>
    public static bool CanName(string file) => file.AsSpan().IndexOfAny('/', '\\') < 0 && Path.GetExtension(file).Length > 1;

    /// <summary>All that it says, to tell whether it has changed.</summary>
    public string Text
        => string.Join(
            '\n', File, Fields.CertificationId, Fields.Certification, Fields.Email, Fields.ValidFrom, Fields.ValidUntil, Fields.BookingId);
}
