using Springest.Functions.Certificates.Intake;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Metadata;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Uploads;

/// <summary>Checks a list and names of files as the app would check the files themselves, before any of them is uploaded.</summary>
public sealed class UploadCheck(ManifestParser parser, FileChecker checker, UploadStore store, Sentences sentences)
{
    /// <param name="site">The site.</param>
    /// <param name="list">The list; null if there is none.</param>
    /// <param name="files">Names of the files that were chosen.</param>
    public async Task<UploadCheckResult> RunAsync(
        string site, byte[]? list, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var words = sentences.For(site);
        var manifest = list is null ? null : parser.Parse("", IsWorkbook(list) ? Manifest.Workbook : Manifest.Csv, list);
        if (manifest?.Problems.Count > 0)
            return new UploadCheckResult([], [.. manifest.Problems.Select(words.Word)]);
        var chosen = files.Select(NormalizedText.Of).ToHashSet(StringComparer.Ordinal);
        var named = manifest?.Lines.Select(line => line.File).ToHashSet(StringComparer.Ordinal) ?? [];
        var found = new List<CheckedFile>();
        foreach (var line in manifest?.Lines ?? [])
        {
            var said = new CheckedFile(line.Number, line.File, chosen.Contains(line.File), line.Fields.ToDictionary(), line.Problems);
            found.Add(await CheckAsync(site, said, line.Fields, cancellationToken));
        }

        foreach (var file in files.Where(file => !named.Contains(NormalizedText.Of(file))))
        {
            var fields = manifest is null ? MetadataReader.FromName(file) : null;
            Problem[] missing = fields is not null ? []
                : manifest is null ? [Problem.About(null, Reason.MetadataMissing, file + ".json")]
                : [Problem.About(null, Reason.ManifestLineMissing, file, manifest.FileName)];
            var said = new CheckedFile(null, file, IsChosen: true, fields?.ToDictionary() ?? [], missing);
            found.Add(await CheckAsync(site, said, fields, cancellationToken));
        }

        var same = files.Where(file => store.Clean(file) is not null).ToLookup(store.Clean);
        return new UploadCheckResult([.. found.Select(file => ClashOf(file) is { } clash
            ? file with { Problems = [.. file.Problems, words.Word(clash)] } : file)], []);

        Problem? ClashOf(CheckedFile file)
            => file.IsChosen && same[store.Clean(file.File)].ToList() is { Count: > 1 } all
                ? Problem.About("file", Reason.NameClash, all.Find(other => other != file.File) ?? file.File) : null;
    }

    private async Task<CheckedFile> CheckAsync(string site, CheckedFile file, RawFields? fields, CancellationToken cancellationToken)
    {
        var problems = new List<Problem>(file.Problems);
        await checker.CheckFieldsAsync(site, new FileMetadata(fields) { Problems = file.Problems }, problems, cancellationToken);
        if (checker.FindTypeProblem(file.File) is { } wrong)
            problems.Add(wrong);
        return file with { Problems = [.. problems.Select(sentences.For(site).Word)] };
    }

    // A workbook is an archive; one with a password, and one of before 2007, is an OLE container.
    private static bool IsWorkbook(ReadOnlySpan<byte> list) => list.StartsWith("PK"u8) || list.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF]);
}
