using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Metadata;

/// <summary>
/// Says how long a file that nothing speaks for is waited with. While more such files come into its folder, an upload is going on, and
/// the list that names them may be the last of it; where a list was refused, somebody is to correct it.
/// </summary>
public sealed class MetadataWaitPolicy(
    DropContainer drop,
    ManifestProgress manifests,
    IOptions<CertificatesOptions> options,
    TimeProvider time)
{
    // A folder is looked through once for all its files, not once for each.
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(30);

    private const int MostKept = 64;

    private readonly ConcurrentDictionary<string, (DateTimeOffset Last, DateTimeOffset Seen)> _folders = new();

    /// <summary>Whether what the file is for may still be told, and by what; or why it is not known.</summary>
    /// <param name="missing">The reason if there was nothing else.</param>
    /// <returns>What it waits for; or what is wrong.</returns>
    public async Task<(Problem? Wait, Problem Missing)> FindAsync(
        string site, DroppedFile file, Problem missing, CancellationToken cancellationToken)
    {
        var refused = await manifests.LastRefusalAsync(site, Manifest.NameFor(file.Name), cancellationToken);
        if (IsRecent(refused, options.Value.ManifestWait))
            return (Problem.About(null, Reason.WaitingForList), missing);
        if (IsRecent(file.Modified, options.Value.MetadataWait)
            || IsRecent(await LastArrivalAsync(file.Path, cancellationToken), options.Value.MetadataWait))
            return (Problem.About(null, Reason.WaitingForMetadata, file.Sidecar), missing);
        // A list that came with the file, or after it, and another has not come since.
        return (
            null,
            missing.Code == Reason.MetadataMissing && refused + options.Value.ManifestWait >= file.Modified
                ? Problem.About(null, Reason.ManifestRefused) : missing);
    }

    /// <summary>Whether a file has the name of one that is still being written, and has not had it for too long.</summary>
    public bool IsOnItsWay(DroppedFile file) => FileNames.IsPart(file.Name) && IsRecent(file.Modified, options.Value.ManifestWait);

    private bool IsRecent(DateTimeOffset? moment, TimeSpan wait) => moment + wait > time.GetUtcNow();

    /// <summary>When the last of the files came that are still in a folder and say nothing by themselves.</summary>
    private async Task<DateTimeOffset> LastArrivalAsync(string folder, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (
            _folders.TryGetValue(folder, out var known)
            && (IsRecent(known.Last, options.Value.MetadataWait) || IsRecent(known.Seen, _fresh)))
            return known.Last;
        var last = await drop.ListFolderAsync(folder, cancellationToken)
            .Where(file => !MetadataReader.SaysAll(file))
            .Select(file => file.Modified).Append(DateTimeOffset.MinValue).MaxAsync(cancellationToken: cancellationToken);
        if (_folders.Count >= MostKept)
            _folders.Clear();
        _folders[folder] = (last, now);
        return last;
    }
}
