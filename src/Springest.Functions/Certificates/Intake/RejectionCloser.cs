using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;

namespace Springest.Functions.Certificates.Intake;

/// <summary>
/// Closes refusals that somebody has done something about: once the same certificate is accepted, or the corrected line of the same list;
/// by folder and name only where the refused file did not say whose it was. All others are closed by a person.
/// </summary>
public sealed class RejectionCloser(CertificateLedger ledger, LedgerIndex index, LedgerKeys keys)
{
    /// <summary>What a refused file is closed by.</summary>
    internal async Task<string?> HashesOfAsync(DroppedFile file, FileAssessment found, CancellationToken cancellationToken)
    {
        var key = await keys.GetAsync(cancellationToken);
        var hashes = new List<string>();
        if (found.Fields is { } fields)
            hashes.Add(key.Identity(fields));
        if (found.Said.Source is not null)
            hashes.Add(key.Line(file.Name));
        if (found.Said.Fields?.Email is null)
            hashes.Add(key.File(NameOf(file.Name)));
        return hashes.Count == 0 ? null : string.Join(' ', hashes);
    }

    /// <summary>What a submission is closed by that Springest refuses; the same certificate takes its place anyway.</summary>
    internal async Task<string?> HashOfAsync(string name, bool isListed, CancellationToken cancellationToken)
        => isListed ? (await keys.GetAsync(cancellationToken)).Line(name) : null;

    /// <summary>Closes what the acceptance of a certificate closes.</summary>
    internal async Task AcceptedAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        var key = await keys.GetAsync(cancellationToken);
        var hashes = new List<string> { key.File(row.Blob) };
        if (CertificateFields.Of(row) is { } fields)
            hashes.Add(key.Identity(fields));
        if (row.IsListed)
            hashes.Add(key.Line(row.Blob));
        foreach (var hash in hashes)
            await CloseAsync(row.PartitionKey, hash, cancellationToken);
    }

    /// <summary>Closes what the end of a list closes all of whose files were accepted.</summary>
    internal async Task ListDoneAsync(FileNoteEntity row, CancellationToken cancellationToken)
        => await CloseAsync(row.PartitionKey, (await keys.GetAsync(cancellationToken)).File(NameOf(row.Blob)), cancellationToken);

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
