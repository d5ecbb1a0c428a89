using System.Text;
using Springest.Testing;

namespace Springest.Tools.Demo;

/// <summary>A file that the demo's office worker drops, and what should become of it.</summary>
/// <param name="Name">Name below the site's folder.</param>
/// <param name="Content">The bytes.</param>
/// <param name="Expected">Accepted, duplicate, or the code of the rejection.</param>
/// <param name="CopyOf">The file that it is a copy of.</param>
internal sealed record CertificateFile(string Name, byte[] Content, string Expected, string? CopyOf = null)
{
    private static readonly string[] Graduates =
    [
        "Anouk Visser",
        "Bram de Jong",
        "Carla Smit",
        "Daan Bakker",
        "Esra Yilmaz",
        "Femke Mulder",
        "Gijs Bos",
        "Hanna Vos",
    ];

    /// <summary>Eight good certificates, one of them twice, and one of each kind of bad file.</summary>
    /// <param name="certifications">Ids that the site knows, and whether each needs a last day of validity.</param>
    public static IReadOnlyList<CertificateFile> Make(IReadOnlyList<(long Id, bool RequiresValidUntil)> certifications)
    {
        var files = Graduates.Select((name, i) => Good(name, certifications[i % certifications.Count])).ToList();
        files.Add(files[0] with { Name = $"again/{files[0].Name}", Expected = "duplicate", CopyOf = files[0].Name });
        files.Add(new("holiday photos.pdf", SamplePdf.Create("Who am I?"), "metadata_missing"));
        files.Add(
            new($"{certifications[0].Id}_half@example.org_2026-03-01_2028-03-01.pdf", SamplePdf.Create("Half")[..300], "file_is_cut_off"));
        files.Add(
            new(
                $"{certifications[0].Id}_letter@example.org_2026-03-01_2028-03-01.pdf",
                Encoding.UTF8.GetBytes("Dear madam, dear sir"),
                "file_is_not_pdf"));
        files.Add(new("999999999_nobody@example.org_2026-03-01_2028-03-01.pdf", SamplePdf.Create("Unknown"), "certification_unknown"));
        return files;
    }

    private static CertificateFile Good(string name, (long Id, bool RequiresValidUntil) certification)
    {
        var email = $"{name.ToLowerInvariant().Replace(' ', '.')}@example.org";
        var until = certification.RequiresValidUntil ? "_2028-03-01" : "";
        return new($"{certification.Id}_{email}_2026-03-01{until}.pdf", SamplePdf.Create($"Certificate of {name}"), "accepted");
    }
}
