using Azure.Data.Tables;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>How far the files of a manifest are. Each is noted before it leaves the drop, so that none is missed.</summary>
public sealed class ManifestProgress(AppStorage storage, LedgerKeys keys, TimeProvider time)
{
    // Row key of what became of a list itself.
    private const string ListKey = "list";

    private readonly TableClient _table = storage.Table(CertificateStorage.Manifests);

    /// <summary>Notes what became of a file.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="manifest">The version of the manifest that said what it is for.</param>
    /// <param name="line">What its line said, as a keyed hash.</param>
    /// <param name="outcome">The ledger's row of it, in its last state.</param>
    public async Task NoteAsync(string file, string manifest, string line, LedgerRow outcome, CancellationToken cancellationToken)
    {
        var key = await keys.GetAsync(cancellationToken);
        await _table.UpsertEntityAsync(
            new ManifestLineEntity
            {
                PartitionKey = PartitionOf(outcome.PartitionKey, Manifests.Manifest.NameFor(file), key),
                RowKey = key.File(BlobNames.FileOf(file)),
                Manifest = manifest,
                Line = line,
                State = outcome.State,
                Code = outcome.Code,
                // What is said about a person stays in the file's own report.
                CertificateId = outcome.CertificateId,
                At = time.GetUtcNow(),
            },
            TableUpdateMode.Replace,
            cancellationToken);
    }

    /// <summary>Notes that a manifest, or what was meant as one, is refused as a whole.</summary>
    public async Task NoteRefusalAsync(string site, string manifest, CancellationToken cancellationToken)
        => await _table.UpsertEntityAsync(
            new ManifestLineEntity
            {
                PartitionKey = await PartitionOfAsync(site, manifest, cancellationToken),
                RowKey = ListKey,
                State = SubmissionState.Rejected,
                At = time.GetUtcNow(),
            },
            TableUpdateMode.Replace,
            cancellationToken);

    /// <summary>When a manifest of this name was last refused as a whole, or null.</summary>
    public async Task<DateTimeOffset?> LastRefusalAsync(string site, string manifest, CancellationToken cancellationToken)
    {
        var partition = await PartitionOfAsync(site, manifest, cancellationToken);
        return (await _table.FindAsync<ManifestLineEntity>(partition, ListKey, cancellationToken))?.At;
    }

    /// <summary>What is noted of the files of a manifest, this version of it or an earlier one.</summary>
    public async Task<ManifestNotes> ReadAsync(string site, string manifest, CancellationToken cancellationToken)
    {
        var key = await keys.GetAsync(cancellationToken);
        var partition = PartitionOf(site, manifest, key);
        var rows = await _table
            .QueryAsync<ManifestLineEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken)
            .ToDictionaryAsync(note => note.RowKey, cancellationToken: cancellationToken);
        return new ManifestNotes(rows, key);
    }

    private async Task<string> PartitionOfAsync(string site, string manifest, CancellationToken cancellationToken)
        => PartitionOf(site, manifest, await keys.GetAsync(cancellationToken));

    private static string PartitionOf(string site, string manifest, LedgerKey key) => $"{site}-{key.File(manifest)}";
}
