using System.Globalization;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Metadata;

namespace Springest.Functions.Certificates.Intake;

/// <summary>
/// Closes the rejections that were corrected: when the same certificate is accepted, or the corrected line of its list. By folder and name
/// alone only if the rejected file did not name a person. All others are closed by a person.
/// </summary>
public sealed class RejectionCloser(CertificateLedger ledger, LedgerIndex index, LedgerKeys keys)
{
    /// <summary>What a refused file is closed by.</summary>
    internal async Task<string?> HashesOfAsync(DroppedFile file, FileAssessment found, CancellationToken cancellationToken)
    {
        var key = await keys.GetAsync(cancellationToken);
        var hashes = LinesOf(key, file.Name, found.Said).ToList();
        if (found.Said.Fields is { Email: { } email, ValidFrom: { } from } && CertificationOf(found) is { } certification)
            hashes.Add(key.Identity(key.Person(email), certification, from));
        if (found.Said.Fields?.Email is null)
            hashes.Add(key.File(NameOf(file.Name)));
        return Join(hashes);
    }

    /// <summary>What a submission is closed by that Springest refuses; the same certificate takes its place anyway.</summary>
    internal async Task<string?> LinesOfAsync(string name, FileMetadata said, CancellationToken cancellationToken)
        => Join([.. LinesOf(await keys.GetAsync(cancellationToken), name, said)]);

    /// <summary>Closes what the acceptance of a certificate closes.</summary>
    internal async Task AcceptedAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        var key = await keys.GetAsync(cancellationToken);
        var hashes = new List<string> { key.File(row.Blob), key.Identity(row.Person, row.CertificationId, row.ValidFrom) };
        if (row.Manifest is not null)
            hashes.AddRange([key.Line(row.Blob, row.Person), key.Line(row.Blob, row.ValidFrom)]);
        foreach (var hash in hashes)
            await CloseAsync(row.PartitionKey, hash, cancellationToken);
    }

    /// <summary>Closes what the end of a list closes all of whose files were accepted.</summary>
    internal async Task ListDoneAsync(FileNoteEntity row, CancellationToken cancellationToken)
        => await CloseAsync(row.PartitionKey, (await keys.GetAsync(cancellationToken)).File(NameOf(row.Blob)), cancellationToken);

    // A correction seldom changes both. The name of the file alone may be another person's in the next list.
    private static IEnumerable<string> LinesOf(LedgerKey key, string file, FileMetadata said)
    {
        if (said is not { Source: not null, Fields: { } fields })
            yield break;
        if (fields.Email is { } email)
            yield return key.Line(file, key.Person(email));
        if (fields.ValidFrom is { } from)
            yield return key.Line(file, from);
    }

    // Also of a file that is refused for something else that it says, or for a certification that is yet to be mirrored.
    private static long? CertificationOf(FileAssessment found)
        => found.Fields?.CertificationId
            ?? (found.Said.Fields is { Certification: null } said
                && long.TryParse(said.CertificationId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null);

    private static string? Join(List<string> hashes) => hashes.Count == 0 ? null : string.Join(' ', hashes);

    // A corrected list closes the refused one whatever the two are called.
    private static string NameOf(string file) => Manifest.IsOne(file) ? Manifest.NameFor(file) : file;

    private async Task CloseAsync(string site, string hash, CancellationToken cancellationToken)
    {
        await foreach (var key in index.ClosedByAsync(site, hash, cancellationToken))
        {
            while (await ledger.FindRowAsync(site, key, cancellationToken) is { Unhandled: true } row)
            {
                row.Unhandled = false;
                if (await ledger.TryUpdateAsync(row, cancellationToken))
                    break;
            }
        }
    }
}
