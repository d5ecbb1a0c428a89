using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Metadata;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Privacy;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>People in names of files.</summary>
internal static class NamedPeople
{
    // What lies beside a file is named like it.
    private static readonly string[] s_reports = [ReportNames.Receipt, ReportNames.Rejection, ".json"];

    /// <summary>The file that a name is of, or beside.</summary>
    public static string FileOf(string name)
    {
        var report = Array.Find(s_reports, end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));
        return report is null ? name : name[..^report.Length];
    }

    /// <summary>Whether a name says beyond doubt that a file is about somebody. Its extension is no part of an address.</summary>
    public static bool IsAbout(string name, PersonText person)
    {
        // Not the folders: one may hold other people's files.
        var file = FileOf(BlobNames.FileOf(name));
        return person.IsEmail(MetadataReader.FromName(file)?.Email) || person.IsIn(Path.GetFileNameWithoutExtension(file));
    }
}
