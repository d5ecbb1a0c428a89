using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Inspection;
using Springest.Functions.Certificates.Metadata;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Intake;

/// <summary>Finds out what a file is for, and all that is wrong with that and with its bytes.</summary>
public sealed class FileChecker(
    MetadataReader metadata, MetadataWaitPolicy patience, FieldValidator checks, IOptions<CertificatesOptions> options)
{
    /// <summary>Whether a program is still writing a file, and gives it its own name when it is done.</summary>
    public bool IsOnItsWay(DroppedFile file) => patience.IsOnItsWay(file);

    /// <summary>Checks a file, whose bytes are fetched only if nothing else stands against it.</summary>
    internal async Task<FileAssessment> CheckAsync(
        string site, DroppedFile file, BufferedBlobStream content, CancellationToken cancellationToken)
    {
        var said = await metadata.ReadAsync(file, cancellationToken);
        var problems = new List<Problem>(said.Problems);
        if (said.IsMissing)
        {
            var (wait, missing) = said.IsToCome ? (said.Missing, said.Missing!)
                : await patience.FindAsync(site, file, said.Missing!, cancellationToken);
            if (wait is not null)
                return new FileAssessment(said) { Wait = wait };
            problems.Add(missing);
        }

        var fields = await CheckFieldsAsync(site, said, problems, cancellationToken);
        if (problems is [{ Code: Reason.WaitingForCatalogue } waiting])
            return new FileAssessment(said) { Wait = waiting };
        problems.RemoveAll(problem => problem.Code == Reason.WaitingForCatalogue);
        if (CheckOutside(file) is { } unreadable)
            return new FileAssessment(said) { Fields = fields, Problems = [.. problems, unreadable] };

        var inspection = await FileInspection.ReadAsync(content, cancellationToken);
        if (inspection.FindProblem(FileType.Of(file.Name)!, options.Value.RefusedPdfFeatures) is { } code)
            problems.Add(Problem.About("file", code));
        return new FileAssessment(said) { Fields = fields, ContentHash = inspection.Hash, Problems = problems };
    }

    /// <summary>Checks what is said about a file, if anything is. Of a field with a known problem no other is told.</summary>
    /// <returns>The fields; null if something is wrong with them, which is added to <paramref name="problems"/>.</returns>
    internal async Task<CertificateFields?> CheckFieldsAsync(
        string site, FileMetadata said, List<Problem> problems, CancellationToken cancellationToken)
    {
        if (said.Fields is null)
            return null;
        var found = new List<Problem>();
        var fields = await checks.CheckAsync(site, said.Fields, found, cancellationToken);
        problems.AddRange(
            found
                .Where(problem => problem.Field is null || !said.Problems.Any(known => known.Field == problem.Field))
                .Select(problem =>
                    said.Source is { } source && problem.Field is not null
                        ? source.Locate(problem)
                        : problem));
        return fields;
    }

    /// <summary>What is wrong with a file's extension; null if nothing is.</summary>
    internal Problem? FindTypeProblem(string name)
    {
        var allowed = options.Value.ListFileTypes();
        return FileType.Of(name) is { } type && allowed.Contains(type.Extension)
            ? null
            : Problem.About("file", Reason.FileTypeNotAllowed, Path.GetExtension(name), string.Join(", ", allowed));
    }

    /// <summary>What is wrong with a file before it is read.</summary>
    private Problem? CheckOutside(DroppedFile file)
        => FindTypeProblem(file.Name)
            ?? (file.Size == 0 ? Problem.About("file", Reason.FileEmpty)
            : file.Size > options.Value.MaxFileSize ? Problem.About("file", Reason.FileTooLarge, file.Size, options.Value.MaxFileSize)
            : null);
}
