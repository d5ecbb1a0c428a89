using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Springest.Client;
using Springest.Functions.Sites;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// The ledger of all certificates: table <c>CertificateSubmissions</c>. It alone decides who may submit what. No question reads all of it:
/// what is looked for otherwise than by key is found by the open rows and the index.
/// </summary>
public sealed class CertificateLedger(
    AppStorage storage, OpenRows open, LedgerIndex index, LedgerCounters counters, LedgerKeys keys, SpringestClients clients,
    TimeProvider clock)
{
    /// <summary>Partition of the files that lie in no site's folder.</summary>
    public const string NoSite = "_";

    // What separates a submission's key from the rest of the key of what happened to it.
    private const char EventMark = '~';

    private readonly TableClient _table = storage.Table(CertificateStorage.Submissions);

    /// <summary>The sites, and what stands for none.</summary>
    public IReadOnlyList<string> Sites { get; } = [.. clients.Sites, NoSite];

    /// <summary>The site of a name, whatever its case; null if there is none.</summary>
    public string? FindSite(string name) => Sites.FirstOrDefault(site => site.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The site whose folder a file lies in, however that is spelt; <see cref="NoSite"/> if it lies in none's.</summary>
    internal string SiteOf(string file)
        => file.IndexOf('/', StringComparison.Ordinal) is var end and > 0 ? FindSite(file[..end]) ?? NoSite : NoSite;

    /// <summary>How many certificates and files of each site are in each state.</summary>
    public Task<IReadOnlyDictionary<(string Site, SubmissionState State), int>> CountAsync(CancellationToken cancellationToken)
        => counters.ReadAsync(cancellationToken);

    /// <summary>What is in one state, of one site or of all: what is open the oldest first, what is at its end the newest first.</summary>
    public IAsyncEnumerable<LedgerRow> ListAsync(
        SubmissionState state, string? site = null, CancellationToken cancellationToken = default)
        => (site is null ? Sites : [site])
            .ToAsyncEnumerable()
            .SelectMany(each => ListAfterAsync(state, each, after: null, cancellationToken))
            .Select(found => found.Row);

    /// <summary>The same of one site, beginning after an entry; each with the entry that it was found by.</summary>
    internal IAsyncEnumerable<(string Entry, LedgerRow Row)> ListAfterAsync(
        SubmissionState state, string site, string? after, CancellationToken cancellationToken)
    {
        var kind = KindOf(state);
        return kind is null
            ? EndedAsync(state, site, after, cancellationToken)
            : ListOpenAsync(site, kind, after, cancellationToken: cancellationToken)
                .Where(found => found.Row.State == state)
                .Select(found => (found.Entry.RowKey, found.Row));
    }

    /// <summary>What the entries begin with by which rows of a state are found.</summary>
    internal static string EntriesOf(SubmissionState state) => $"{KindOf(state) ?? state.ToString()}-";

    /// <summary>The rows that are open in a way, the oldest first.</summary>
    internal async IAsyncEnumerable<(OpenRowEntity Entry, LedgerRow Row)> ListOpenAsync(
        string site, string kind, string? after = null, DateTimeOffset? before = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entry in open.ListAsync(site, kind, after, before, cancellationToken))
        {
            if (await FindAsync(entry, cancellationToken) is { } row)
                yield return (entry, row);
        }
    }

    /// <summary>
    /// The row of an entry. One that its row does not know was left behind, or its row is about to be written: then null.
    /// </summary>
    internal async Task<LedgerRow?> FindAsync(OpenRowEntity entry, CancellationToken cancellationToken)
    {
        if (await FindOwnerAsync(entry, cancellationToken) is { } row)
            return row;
        await open.CleanAsync(entry, cancellationToken);
        return null;
    }

    /// <summary>The row that an entry belongs to; null if none says so, or not yet.</summary>
    internal async Task<LedgerRow?> FindOwnerAsync(OpenRowEntity entry, CancellationToken cancellationToken)
        => await FindRowAsync(entry.PartitionKey, entry.Row, cancellationToken) is { } row && OpenRows.NamesIn(row).Contains(entry.RowKey)
            ? row
            : null;

    /// <summary>The submission or note with this key, or null.</summary>
    public async Task<LedgerRow?> FindRowAsync(string site, string key, CancellationToken cancellationToken)
        => !key.Contains(EventMark, StringComparison.Ordinal)
            && TableClientExtensions.CanBeKey(site) && TableClientExtensions.CanBeKey(key)
            && await _table.FindAsync<SubmissionEntity>(site, key, cancellationToken) is { } row
            ? Understand(row)
            : null;

    /// <summary>The submission with this key, or null.</summary>
    public async Task<SubmissionEntity?> FindAsync(string site, string key, CancellationToken cancellationToken)
        => await FindRowAsync(site, key, cancellationToken) as SubmissionEntity;

    /// <summary>Submissions and notes of a person, a number, or a file, named with its folders or without; in no order.</summary>
    internal async IAsyncEnumerable<LedgerRow> SearchAsync(
        string site, string? email, long? number, string? file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var key = await keys.GetAsync(cancellationToken);
        var found = email is not null ? index.OfPersonAsync(site, key.Person(email), cancellationToken)
            : number is { } known ? index.OfNumberAsync(site, known, cancellationToken)
            : index.OfFileAsync(site, file!, key, cancellationToken);
        await foreach (var rowKey in found)
        {
            if (await FindRowAsync(site, rowKey, cancellationToken) is { } row && (number is null || row.CertificateId == number))
                yield return row;
        }
    }

    /// <summary>What came in a time, for a certification or any, the newest first.</summary>
    internal async IAsyncEnumerable<LedgerRow> ListReceivedAsync(
        string site, long? certification, DateTimeOffset from, DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var key in index.ReceivedAsync(site, certification, from, until, cancellationToken))
        {
            if (await FindRowAsync(site, key, cancellationToken) is { } row)
                yield return row;
        }
    }

    /// <summary>What happened to a submission, the oldest first.</summary>
    internal IAsyncEnumerable<LedgerEventEntity> ListEventsAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        var (start, end) = ($"{row.RowKey}{EventMark}", $"{row.RowKey}{(char)(EventMark + 1)}");
        return _table.QueryAsync<LedgerEventEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {row.PartitionKey} and RowKey gt {start} and RowKey lt {end}"),
            cancellationToken: cancellationToken);
    }

    /// <summary>Notes that something happened to a submission.</summary>
    internal Task NoteEventAsync(LedgerRow row, string kind, int? status, CancellationToken cancellationToken)
        => _table.UpsertEntityAsync(EventOf(row, kind, status, by: null), TableUpdateMode.Replace, cancellationToken);

    /// <summary>Removes what happened to a submission of which only a stub is left, or to a file of which nothing is.</summary>
    internal async Task ForgetEventsAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        await foreach (var each in ListEventsAsync(row, cancellationToken))
            await _table.DeleteEntityAsync(each.PartitionKey, each.RowKey, ETag.All, cancellationToken);
    }

    /// <summary>Every row of a site.</summary>
    internal IAsyncEnumerable<LedgerRow> ReadAllAsync(string site, CancellationToken cancellationToken)
        => _table.QueryAsync<SubmissionEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {site} and Kind ge {""}"), cancellationToken: cancellationToken)
            .Where(row => row.Kind is SubmissionEntity.KindName or FileNoteEntity.KindName)
            .Select(Understand);

    /// <summary>Removes the note about a file that has become a submission, or is gone.</summary>
    /// <returns>False if it has changed since it was read.</returns>
    internal async Task<bool> ForgetNoteAsync(FileNoteEntity note, CancellationToken cancellationToken)
    {
        // The row last: if the app stops before, the next run finds it and goes on.
        var key = await keys.GetAsync(cancellationToken);
        await index.RemoveAsync(note, key, cancellationToken);
        if (await _table.TryDeleteAsync(note, cancellationToken))
            counters.Note(note.PartitionKey, note.Stored, null);
        else if (await FindRowAsync(note.PartitionKey, note.RowKey, cancellationToken) is { } changed)
        {
            changed.Stored = null;
            await index.AddAsync(changed, key, cancellationToken);
            return false;
        }

        await open.RemoveAsync(note.PartitionKey, OpenRows.NamesIn(note), cancellationToken);
        return true;
    }

    /// <summary>
    /// Accepted certificates that nobody has seen verified, certification by certification. Those accepted before a time are given up.
    /// </summary>
    internal async IAsyncEnumerable<OpenRowEntity> ListUnverifiedAsync(
        string site, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in open.ListAsync(site, OpenRows.Unverified, cancellationToken: cancellationToken))
        {
            if (entry.Since >= since)
                yield return entry;
            else
                await ChangeAcceptedAsync(entry, row => row.GivenUpAt = clock.GetUtcNow(), cancellationToken);
        }
    }

    /// <summary>Notes how far Springest says that a certificate is.</summary>
    /// <returns>True if it has been verified since the last time.</returns>
    internal async Task<bool> NoteStatusAsync(OpenRowEntity entry, CertificateStatus status, CancellationToken cancellationToken)
    {
        var isNew = false;
        await ChangeAcceptedAsync(entry, row => isNew = row.NoteStatus(status, clock.GetUtcNow()), cancellationToken);
        return isNew;
    }

    /// <summary>Why nothing may be submitted at all; null if it may.</summary>
    internal Task<string?> FindFaultAsync(CancellationToken cancellationToken) => keys.FindFaultAsync(cancellationToken);

    /// <summary>Ends what must not go on while nothing may be submitted at all.</summary>
    /// <exception cref="LedgerLostException">It may not.</exception>
    internal Task RequireKeyAsync(CancellationToken cancellationToken) => keys.GetAsync(cancellationToken);

    /// <summary>Writes down how many rows are in which state, as far as it was counted here.</summary>
    internal Task FlushAsync(CancellationToken cancellationToken) => counters.FlushAsync(cancellationToken);

    /// <summary>How many accepted certificates of a site nobody has seen verified yet and that are still asked about.</summary>
    public Task<int> CountUnverifiedAsync(string site, CancellationToken cancellationToken)
        => counters.ReadUnverifiedAsync(site, cancellationToken);

    /// <summary>Writes a new row.</summary>
    /// <returns>False if there is one already.</returns>
    private async Task<bool> TryAddAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        await PrepareAsync(row, cancellationToken);
        try
        {
            Written(row, await _table.AddEntityAsync(row, cancellationToken));
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            await RetractAsync(row, OpenRows.NamesIn(row), cancellationToken);
            return false;
        }
    }

    /// <summary>Writes a row back.</summary>
    /// <returns>False if it has changed since it was read.</returns>
    internal Task<bool> TryUpdateAsync(LedgerRow row, CancellationToken cancellationToken)
        => TryUpdateAsync(row, happened: null, cancellationToken);

    /// <summary>Writes a row back as a person decided, and who that was: both or neither.</summary>
    /// <param name="kind">What was decided.</param>
    /// <param name="by">Who decided it; null where nobody knows.</param>
    /// <returns>False if it has changed since it was read.</returns>
    internal Task<bool> TryDecideAsync(LedgerRow row, string kind, string? by, CancellationToken cancellationToken)
        => TryUpdateAsync(row, EventOf(row, kind, status: null, by), cancellationToken);

    /// <summary>Writes a row, in the place of the one that it was made from or as a new one.</summary>
    /// <returns>False if another instance has written one since.</returns>
    internal Task<bool> TryWriteAsync(LedgerRow row, CancellationToken cancellationToken)
        => row.ETag == default ? TryAddAsync(row, cancellationToken) : TryUpdateAsync(row, cancellationToken);

    /// <summary>Writes a row back of which nothing has changed that it is found by: once, and within a time.</summary>
    /// <returns>False if it has changed since it was read.</returns>
    internal async Task<bool> TryUpdateOnceAsync(SubmissionEntity row, TimeSpan time, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(time, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        using var once = StorageRetryPolicy.Once();
        try
        {
            Written(row, await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, limit.Token));
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            return false;
        }
    }

    /// <summary>
    /// Notes that a file is moved and its report written. If the row has changed since, that is noted with its next end.
    /// </summary>
    internal Task CloseAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        (row.Unreported, row.Stuck) = (false, null);
        return TryUpdateAsync(row, cancellationToken);
    }

    private async Task<bool> TryUpdateAsync(LedgerRow row, LedgerEventEntity? happened, CancellationToken cancellationToken)
    {
        var before = OpenRows.NamesIn(row);
        var replaced = await PrepareAsync(row, cancellationToken);
        try
        {
            Written(row, happened is null
                ? await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken)
                : await WriteTogetherAsync(row, happened, cancellationToken));
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            await RetractAsync(row, before.Union(OpenRows.NamesIn(row)), cancellationToken);
            // Both are there, or neither. If they are, the answer was lost, and the client's second try lost against the first.
            var isWritten = happened is not null
                && await _table.FindAsync<LedgerEventEntity>(happened.PartitionKey, happened.RowKey, cancellationToken) is not null;
            if (isWritten)
                counters.Note(row.PartitionKey, row.Stored, row.Figures);
            return isWritten;
        }

        await open.RemoveAsync(row.PartitionKey, replaced, cancellationToken);
        return true;
    }

    private async Task<Response> WriteTogetherAsync(LedgerRow row, LedgerEventEntity happened, CancellationToken cancellationToken)
    {
        var answer = await _table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.UpdateReplace, row, row.ETag),
                new(TableTransactionActionType.UpsertReplace, happened),
            ],
            cancellationToken);
        return answer.Value[0];
    }

    private LedgerEventEntity EventOf(LedgerRow row, string kind, int? status, string? by)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            PartitionKey = row.PartitionKey,
            RowKey = string.Create(CultureInfo.InvariantCulture, $"{row.RowKey}{EventMark}{now.UtcTicks:D19}-{kind}"),
            Format = LedgerRow.CurrentFormat,
            Kind = kind,
            At = now,
            By = by,
            State = row.State,
            Code = row.Code,
            Status = status,
        };
    }

    private async Task ChangeAcceptedAsync(OpenRowEntity entry, Action<SubmissionEntity> change, CancellationToken cancellationToken)
    {
        while (await FindAsync(entry, cancellationToken) is SubmissionEntity row)
        {
            change(row);
            if (await TryUpdateAsync(row, cancellationToken))
                return;
        }
    }

    private async IAsyncEnumerable<(string Entry, LedgerRow Row)> EndedAsync(
        SubmissionState state, string site, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (entry, key) in index.EndedAsync(site, state, after, cancellationToken))
        {
            if (await FindRowAsync(site, key, cancellationToken) is { } row && row.State == state && LedgerIndex.EndOf(row) == entry)
                yield return (entry, row);
        }
    }

    // How rows of a state are open; null if they are at their end.
    private static string? KindOf(SubmissionState state)
        => state is SubmissionState.OutcomeUnknown or SubmissionState.Held ? OpenRows.ForPerson
            : state.IsOpen() ? OpenRows.OnTheWay
            : null;

    private static LedgerRow Understand(SubmissionEntity read)
    {
        if (read.Format != LedgerRow.CurrentFormat)
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture, $"A row of the ledger has format {read.Format}, which this version leaves alone."));
        LedgerRow row = read.Kind == FileNoteEntity.KindName ? FileNoteEntity.Of(read) : read;
        row.Stored = row.Figures;
        return row;
    }

    private async Task<IReadOnlyList<string>> PrepareAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        row.Format = LedgerRow.CurrentFormat;
        await index.AddAsync(row, await keys.GetAsync(cancellationToken), cancellationToken);
        return await open.AddAsync(row, cancellationToken);
    }

    private void Written(LedgerRow row, Response answer)
    {
        row.ETag = answer.Headers.ETag ?? ETag.All;
        counters.Note(row.PartitionKey, row.Stored, row.Figures);
        row.Stored = row.Figures;
    }

    /// <summary>
    /// Takes back entries of a row that another has written meanwhile, those from before and those that were written for it now. A write
    /// whose answer was lost is repeated by the client, and then loses against itself: what the row has stays.
    /// </summary>
    private async Task RetractAsync(LedgerRow row, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var standing = await FindRowAsync(row.PartitionKey, row.RowKey, cancellationToken);
        await open.RemoveAsync(row.PartitionKey, names.Except(standing is null ? [] : OpenRows.NamesIn(standing)), cancellationToken);
    }
}
