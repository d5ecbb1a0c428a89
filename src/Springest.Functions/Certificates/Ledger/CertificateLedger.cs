using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Springest.Client;
using Springest.Functions.Sites;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// The ledger of all certificates: table <c>CertificateSubmissions</c>. It alone decides who may submit what. No question reads all of it:
/// what is looked for otherwise than by key is found by the index.
/// </summary>
public sealed class CertificateLedger(AppStorage storage, LedgerIndex index, SpringestClients clients)
{
    /// <summary>Partition of the files that lie in no site's folder.</summary>
    public const string NoSite = "_";

    /// <summary>Beyond this nobody counts.</summary>
    public const int MostCounted = 10_000;

    private const string FilePrefix = "file-";

    private readonly TableClient _table = storage.Table(CertificateStorage.Submissions);

    /// <summary>The sites, and what stands for none.</summary>
    public IReadOnlyList<string> Sites { get; } = [.. clients.Sites, NoSite];

    /// <summary>The site of a name, whatever its case; null if there is none.</summary>
    public string? FindSite(string name) => Sites.FirstOrDefault(site => site.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>How many certificates and files of each site are in each state, at most <see cref="MostCounted"/>.</summary>
    public async Task<IReadOnlyDictionary<(string Site, SubmissionState State), int>> CountAsync(CancellationToken cancellationToken)
    {
        var states = Enum.GetValues<SubmissionState>().Except([SubmissionState.Linked]);
        var counts = await Task.WhenAll(Sites.SelectMany(site => states.Select(async state =>
            (Key: (site, state), Count: await index.CountAsync(site, state, MostCounted, cancellationToken)))));
        return counts.Where(count => count.Count > 0).ToDictionary(count => count.Key, count => count.Count);
    }

    /// <summary>
    /// How many accepted certificates nobody has seen verified yet and that are still asked about, at most <see cref="MostCounted"/>.
    /// </summary>
    public Task<int> CountUnverifiedAsync(string site, CancellationToken cancellationToken)
        => index.CountUnverifiedAsync(site, MostCounted, cancellationToken);

    /// <summary>What is in one state, of one site or of all, the newest first.</summary>
    public IAsyncEnumerable<SubmissionEntity> ListAsync(
        SubmissionState state,
        string? site = null,
        CancellationToken cancellationToken = default)
        => (site is null ? Sites : [site])
            .ToAsyncEnumerable()
            .SelectMany(each => RowsOf(index.OfStateAsync(each, state, after: null, cancellationToken), cancellationToken))
            .Select(found => found.Row);

    /// <summary>The same, beginning after an entry of the index; each with the entry that it was found by.</summary>
    internal IAsyncEnumerable<(LedgerIndexEntity Entry, SubmissionEntity Row)> ListAfterAsync(
        SubmissionState state, string site, string? after, CancellationToken cancellationToken)
        => RowsOf(index.OfStateAsync(site, state, after, cancellationToken), cancellationToken);

    /// <summary>What a person must decide about.</summary>
    public IAsyncEnumerable<SubmissionEntity> ListForPersonAsync(CancellationToken cancellationToken = default)
        => ((SubmissionState[])[SubmissionState.OutcomeUnknown, SubmissionState.Held]).ToAsyncEnumerable()
            .SelectMany(state => ListAsync(state, cancellationToken: cancellationToken));

    /// <summary>The submission with this key, or null.</summary>
    public async Task<SubmissionEntity?> FindAsync(string site, string key, CancellationToken cancellationToken)
        => await _table.GetEntityIfExistsAsync<SubmissionEntity>(site, key, cancellationToken: cancellationToken)
            is { HasValue: true, Value: var row }
            ? row
            : null;

    /// <summary>The entries of what has not come to an end or is not reported, of what has not changed since then.</summary>
    /// <param name="after">The entry to begin after; null for the first.</param>
    internal IAsyncEnumerable<LedgerIndexEntity> ListOpenAsync(
        DateTimeOffset unchangedSince,
        LedgerIndexEntity? after,
        CancellationToken cancellationToken)
        => Sites
            .SkipWhile(site => after is not null && site != after.PartitionKey)
            .ToAsyncEnumerable()
            .SelectMany(site =>
                index.OpenAsync(site, unchangedSince, site == after?.PartitionKey ? after.RowKey : null, cancellationToken));

    /// <summary>The other submissions of a person for a certification.</summary>
    internal ValueTask<List<SubmissionEntity>> ListPeersAsync(SubmissionEntity row, CancellationToken cancellationToken)
        => RowsOf(index.OfPersonAsync(row, cancellationToken), cancellationToken)
            .Select(found => found.Row).Where(peer => peer.RowKey != row.RowKey).ToListAsync(cancellationToken);

    /// <summary>
    /// Accepted certificates that nobody has seen verified, certification by certification. Those accepted before a time are given up.
    /// </summary>
    internal async IAsyncEnumerable<LedgerIndexEntity> ListUnverifiedAsync(
        string site, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in index.UnverifiedAsync(site, cancellationToken))
        {
            if (entry.Since >= since)
                yield return entry;
            else
                await index.RemoveAsync(entry.PartitionKey, [entry.RowKey], cancellationToken);
        }
    }

    /// <summary>Notes how far Springest says that a certificate is.</summary>
    /// <returns>True if it has been verified since the last time.</returns>
    internal async Task<bool> NoteStatusAsync(
        LedgerIndexEntity entry,
        CertificateStatus status,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        while (
            await FindAsync(entry.PartitionKey, entry.Row, cancellationToken) is { } row && LedgerIndex.NamesIn(row).Contains(entry.RowKey))
        {
            if (row.Verification == status.Value)
                return false;
            row.Verification = status.Value;
            if (status == CertificateStatus.Verified || status == CertificateStatus.Expired)
                row.VerifiedAt = now;
            if (await TryUpdateAsync(row, cancellationToken))
                return row.VerifiedAt is not null;
        }

        await index.CleanAsync(entry, cancellationToken);
        return false;
    }

    /// <summary>
    /// The row of an entry. One that its row does not know was left behind, or its row is about to be written: then null.
    /// </summary>
    internal async Task<SubmissionEntity?> FindAsync(LedgerIndexEntity entry, CancellationToken cancellationToken)
    {
        if (await FindAsync(entry.PartitionKey, entry.Row, cancellationToken) is { } row && LedgerIndex.NamesIn(row).Contains(entry.RowKey))
            return row;
        await index.CleanAsync(entry, cancellationToken);
        return null;
    }

    private async IAsyncEnumerable<(LedgerIndexEntity Entry, SubmissionEntity Row)> RowsOf(
        IAsyncEnumerable<LedgerIndexEntity> entries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            if (await FindAsync(entry, cancellationToken) is { } row)
                yield return (entry, row);
        }
    }

    /// <summary>What was noted about a file, or null.</summary>
    internal Task<SubmissionEntity?> FindFileAsync(string site, string fileId, CancellationToken cancellationToken)
        => FindAsync(site, FilePrefix + fileId, cancellationToken);

    /// <summary>Notes what became of a file, or what it is to be submitted as.</summary>
    /// <param name="note">The note, with the ETag of the one that it replaces.</param>
    /// <returns>False if another instance has noted something since.</returns>
    internal Task<bool> TryNoteFileAsync(SubmissionEntity note, CancellationToken cancellationToken)
    {
        note.RowKey = FilePrefix + note.FileId;
        return note.ETag == default ? TryAddAsync(note, cancellationToken) : TryUpdateAsync(note, cancellationToken);
    }

    /// <summary>Removes the note about a file that has found its place in a submission.</summary>
    internal async Task ForgetFileAsync(SubmissionEntity note, CancellationToken cancellationToken)
    {
        await _table.DeleteEntityAsync(note.PartitionKey, note.RowKey, ETag.All, cancellationToken);
        await index.RemoveAsync(note.PartitionKey, LedgerIndex.NamesIn(note), cancellationToken);
    }

    /// <summary>Writes a new row.</summary>
    /// <returns>False if there is one already.</returns>
    internal async Task<bool> TryAddAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        await index.AddAsync(row, cancellationToken);
        try
        {
            var answer = await _table.AddEntityAsync(row, cancellationToken);
            row.ETag = answer.Headers.ETag ?? ETag.All;
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            await RetractAsync(row, LedgerIndex.NamesIn(row), cancellationToken);
            return false;
        }
    }

    /// <summary>
    /// Notes that a submission's file is moved and its report written. If the row has changed since, that is noted with its next end.
    /// </summary>
    internal Task CloseAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        row.Unreported = false;
        return TryUpdateAsync(row, cancellationToken);
    }

    /// <summary>Writes a row back.</summary>
    /// <returns>False if it has changed since it was read.</returns>
    internal async Task<bool> TryUpdateAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        var before = LedgerIndex.NamesIn(row);
        var replaced = await index.AddAsync(row, cancellationToken);
        try
        {
            var answer = await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
            row.ETag = answer.Headers.ETag ?? ETag.All;
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            await RetractAsync(row, LedgerIndex.NamesIn(row).Except(before), cancellationToken);
            return false;
        }

        await index.RemoveAsync(row.PartitionKey, replaced, cancellationToken);
        return true;
    }

    /// <summary>
    /// Takes back entries that were written for a row that another has written meanwhile. A write whose answer was lost is repeated by the
    /// client, and then loses against itself: what the row has stays.
    /// </summary>
    private async Task RetractAsync(SubmissionEntity row, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var standing = await FindAsync(row.PartitionKey, row.RowKey, cancellationToken);
        await index.RemoveAsync(row.PartitionKey, names.Except(standing is null ? [] : LedgerIndex.NamesIn(standing)), cancellationToken);
    }

    /// <summary>Whether a row is that of a file, not of a certificate.</summary>
    internal static bool IsFile(SubmissionEntity row) => row.RowKey.StartsWith(FilePrefix, StringComparison.Ordinal);
}
