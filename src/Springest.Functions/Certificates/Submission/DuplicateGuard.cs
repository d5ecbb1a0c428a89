using Azure.Data.Tables;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Submission;

/// <summary>
/// Sees to it that a certificate is submitted once, however many files there are of it. For each person and certification one row says
/// which submission may be sent as which certificate; it changes by compare-and-swap, and a submission's row is there before it is named.
/// </summary>
public sealed class DuplicateGuard(AppStorage storage, CertificateLedger ledger, Sentences sentences, TimeProvider clock)
{
    private readonly TableClient _table = storage.Table(CertificateStorage.Guards);

    /// <summary>What the guard says of a submission.</summary>
    internal enum Place
    {
        /// <summary>It may be sent, if its row has not changed since it was read before the guard was.</summary>
        Named,

        /// <summary>Another is on its way, or may have arrived.</summary>
        Waits,

        /// <summary>Springest has the certificate, or perhaps has it and nobody asks any more.</summary>
        Duplicate,
    }

    /// <summary>Claims a submission's place: its own, a free one, or that of one that came to nothing.</summary>
    /// <param name="row">The submission, as read; it may be written to.</param>
    /// <returns>Whether it may be sent; if not, because of which other one.</returns>
    internal async Task<(Place Place, SubmissionEntity? Other)> ClaimPlaceAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        while (true)
        {
            var guard = await ReadAsync(row, cancellationToken);
            var entries = GuardEntity.Read(guard);
            var own = entries.Find(entry => entry.Key == row.RowKey);
            if (own is { IsLetThrough: true })
                return (Place.Named, null);
            var wanted = own ?? GuardEntry.Of(row);
            var same = new List<(GuardEntry Entry, SubmissionEntity First)>();
            foreach (var entry in entries.Where(entry => entry != own && entry.IsSameCertificate(wanted)))
                same.Add((entry, await FindAsync(row.PartitionKey, entry.Key, cancellationToken)));
            // After a restore, or a person's word, several of the same certificate have places. Only the first may be sent, and not while
            // a later one may have arrived.
            if (own is not null)
                same.RemoveAll(each => entries.IndexOf(each.Entry) > entries.IndexOf(own) && !MayHaveArrived(each.First));
            var (found, first) = same.OrderBy(each => Precedence(each.Entry, each.First)).FirstOrDefault();
            if (first is null && own is not null)
                return (Place.Named, null);
            if (first is null)
            {
                await NoteEarlierAsync(row, entries, cancellationToken);
                if (await TryWriteAsync(guard, entries.Append(wanted), cancellationToken))
                    return (Place.Named, null);
            }
            else if (IsVacant(first))
            {
                await NoteEarlierAsync(row, entries, cancellationToken);
                // A submission that had a place already has only moved up: look again at those before it.
                if (await TryVacateAsync(found, first, row, cancellationToken)
                    && await TryWriteAsync(guard, Replace(entries.Where(entry => entry != own), found, wanted), cancellationToken)
                    && own is null)
                    return (Place.Named, null);
            }
            else if (found.Learn(row) == found || await TryWriteAsync(guard, Replace(entries, found, found.Learn(row)), cancellationToken))
                return (first.State is SubmissionState.Accepted or SubmissionState.PerhapsSent ? Place.Duplicate : Place.Waits, first);
        }
    }

    /// <summary>The submissions that the guard names for the same person and certification; the row's own is not among them.</summary>
    internal async Task<List<SubmissionEntity>> ListPeersAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        var peers = new List<SubmissionEntity>();
        foreach (var entry in GuardEntity.Read(await ReadAsync(row, cancellationToken)).Where(entry => entry.Key != row.RowKey))
            peers.Add(await FindAsync(row.PartitionKey, entry.Key, cancellationToken));
        return peers;
    }

    /// <summary>A person wants a duplicate submitted all the same: it gets a place of its own, which its file, put back, takes.</summary>
    internal Task LetThroughAsync(SubmissionEntity row, CancellationToken cancellationToken)
        => AddAsync(row, GuardEntry.Of(row) with { IsLetThrough = true }, cancellationToken);

    /// <summary>Puts a submission in that others are to find, whatever became of it: after a restore, or by a person's word.</summary>
    internal Task EnterAsync(SubmissionEntity row, CancellationToken cancellationToken)
        => AddAsync(row, GuardEntry.Of(row), cancellationToken);

    private async Task AddAsync(SubmissionEntity row, GuardEntry entry, CancellationToken cancellationToken)
    {
        while (true)
        {
            var guard = await ReadAsync(row, cancellationToken);
            var entries = GuardEntity.Read(guard);
            var known = entries.Find(each => each.Key == entry.Key);
            if (known is not null && (known.IsLetThrough || !entry.IsLetThrough))
                return;
            var all = known is null ? entries.Append(entry) : Replace(entries, known, known with { IsLetThrough = true });
            if (await TryWriteAsync(guard, all, cancellationToken))
                return;
        }
    }

    /// <summary>Whether a submission came to nothing, so that another file may take its place.</summary>
    private static bool IsVacant(SubmissionEntity row)
        => row.State is SubmissionState.Rejected or SubmissionState.Withdrawn or SubmissionState.Expired or SubmissionState.Held
            or SubmissionState.Replaced or SubmissionState.Duplicate;

    private static bool MayHaveArrived(SubmissionEntity row)
        => row.State is SubmissionState.Submitting or SubmissionState.OutcomeUnknown or SubmissionState.Accepted
            or SubmissionState.PerhapsSent;

    // A place that a person made comes first, and the one of what came to nothing last: what Springest may have must not be sent again.
    private static int Precedence(GuardEntry entry, SubmissionEntity row)
        => entry.IsLetThrough && IsVacant(row) ? 0 : row.State == SubmissionState.Accepted ? 1 : IsVacant(row) ? 3 : 2;

    // What a person has let through stays so.
    private static IEnumerable<GuardEntry> Replace(IEnumerable<GuardEntry> entries, GuardEntry old, GuardEntry entry)
        => entries.Select(each => each == old ? entry with { IsLetThrough = old.IsLetThrough || entry.IsLetThrough } : each);

    /// <summary>Closes the row of what came to nothing, so that nobody sends it any more.</summary>
    private async Task<bool> TryVacateAsync(
        GuardEntry place, SubmissionEntity first, SubmissionEntity row, CancellationToken cancellationToken)
    {
        // A duplicate that was let through is closed too: its place is taken once, also after a restore.
        if (first.State == SubmissionState.Replaced || (first.State == SubmissionState.Duplicate && !place.IsLetThrough))
            return true;
        // What somebody has yet to deal with goes over to the new one, before it is closed here.
        if (first.Unhandled && !row.Unhandled)
        {
            row.Unhandled = true;
            if (!await ledger.TryUpdateAsync(row, cancellationToken))
                throw new RowChangedException();
        }

        // Only what is held has its file in the drop.
        var isHeld = first.State == SubmissionState.Held;
        (first.State, first.Updated, first.Other, first.Unhandled) = (SubmissionState.Replaced, clock.GetUtcNow(), row.RowKey, false);
        if (isHeld)
        {
            (first.Code, first.Message, first.Values, first.Unreported) = (
                Reason.Replaced, sentences.For(row.PartitionKey).Say(Reason.Replaced, row.Blob), Problem.Pack(row.Blob), true);
            first.Report = CertificateReport.Of(first).ToJson().ToString();
        }

        return await ledger.TryUpdateAsync(first, cancellationToken);
    }

    // Of several the last: there may be thousands, and each has to be read.
    private async Task NoteEarlierAsync(SubmissionEntity row, List<GuardEntry> entries, CancellationToken cancellationToken)
        => row.EarlierCertificateId = await entries.AsEnumerable().Reverse()
            .Where(entry => !entry.IsSameCertificate(GuardEntry.Of(row)))
            .ToAsyncEnumerable()
            .Select(async (entry, token) => (await FindAsync(row.PartitionKey, entry.Key, token)).CertificateId)
            .FirstOrDefaultAsync(number => number is not null, cancellationToken);

    // A row was there before the guard named it: one that is gone was lost, and what it stood for may have been sent.
    private async Task<SubmissionEntity> FindAsync(string site, string key, CancellationToken cancellationToken)
        => await ledger.FindAsync(site, key, cancellationToken)
            ?? throw new InvalidOperationException($"Submission {key[..12]} is missing in the ledger. Nothing is sent in its place.");

    private async Task<TableEntity> ReadAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        var key = GuardEntity.KeyOf(row);
        if (await _table.FindAsync<TableEntity>(row.PartitionKey, key, cancellationToken) is not { } guard)
            return new TableEntity(row.PartitionKey, key);
        return guard.GetInt32(GuardEntity.Format) == LedgerRow.CurrentFormat
            ? guard
            : throw new InvalidOperationException("A later version of the app has written whom a certificate was submitted for.");
    }

    // With a lost answer this loses against itself; what is there then tells.
    private Task<bool> TryWriteAsync(TableEntity guard, IEnumerable<GuardEntry> entries, CancellationToken cancellationToken)
    {
        GuardEntity.Write(guard, entries);
        return _table.TryWriteAsync(guard, cancellationToken);
    }
}
