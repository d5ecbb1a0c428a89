using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// The rows of the ledger that something is still to happen to, oldest first. An entry is written before the row that names it and removed
/// after, so that none is ever missing; one too many, which a crash leaves behind, is told by its row.
/// </summary>
public sealed class OpenRows(AppStorage storage, TimeProvider clock)
{
    /// <summary>In doubt or held, or with a file that storage denies access to: a person should know.</summary>
    public const string ForPerson = "1";

    /// <summary>On its way, or at its end and not reported yet.</summary>
    public const string OnTheWay = "2";

    /// <summary>Refused, and nobody has done anything about it yet.</summary>
    public const string Refused = "3";

    /// <summary>Accepted and not verified yet, certification by certification.</summary>
    public const string Unverified = "4";

    // Longer than anybody can be between an entry and its row.
    private static readonly TimeSpan _leftover = TimeSpan.FromHours(2);

    private readonly TableClient _table = storage.Table(CertificateStorage.Open);

    /// <summary>Writes the entries that a row is to have, and puts their names into the row.</summary>
    /// <returns>The names of those that it need not have any more, to be removed once it is written.</returns>
    public async Task<IReadOnlyList<string>> AddAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        var present = NamesIn(row);
        var wanted = PlacesOf(row)
            .Select(place => Array.Find(present, name => name.StartsWith(place, StringComparison.Ordinal)) ?? Name(place))
            .ToList();
        // A row that waits gives its reason in the entry too. A row that is forgotten blanks all its entries, also those that are removed
        // next, so that a crash in between leaves no personal data.
        var isTold = row.Stuck is not null
            || row is { State: SubmissionState.Waiting or SubmissionState.Ready or SubmissionState.Held, Code: not null };
        var written = (row.Blob.Length == 0 ? wanted.Union(present) : wanted.Where(name => isTold || !present.Contains(name)))
            .Select(name => new TableTransactionAction(TableTransactionActionType.UpsertReplace, EntryOf(row, name)))
            .ToList();
        if (written.Count > 0)
            await _table.SubmitTransactionAsync(written, cancellationToken);
        row.OpenAs = wanted.Count == 0 ? null : string.Join(' ', wanted);
        return [.. present.Except(wanted)];
    }

    public async Task RemoveAsync(string site, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
            await _table.DeleteEntityAsync(site, name, ETag.All, cancellationToken);
    }

    /// <summary>Entries of a kind, the oldest first; of <see cref="Unverified"/> by certification.</summary>
    /// <param name="after">The entry to begin after; null for the first.</param>
    /// <param name="before">Only those that have been so since before then.</param>
    public AsyncPageable<OpenRowEntity> ListAsync(
        string site, string kind, string? after = null, DateTimeOffset? before = null, CancellationToken cancellationToken = default)
    {
        var (start, end) = (after ?? $"{kind}-", before is { } time ? $"{kind}-{Place(time)}" : $"{kind}.");
        return _table.QueryAsync<OpenRowEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {site} and RowKey gt {start} and RowKey lt {end}"),
            cancellationToken: cancellationToken);
    }

    /// <summary>Entries of a kind of all sites, mostly in one request.</summary>
    /// <param name="before">Only those that have been so since before then.</param>
    /// <param name="most">How many.</param>
    public async Task<IReadOnlyList<OpenRowEntity>> ListAllAsync(
        string kind, DateTimeOffset? before, int most, CancellationToken cancellationToken)
    {
        var (start, end) = ($"{kind}-", before is { } time ? $"{kind}-{Place(time)}" : $"{kind}.");
        // A page may have fewer than there are, or none, since the query goes over partitions.
        return await _table.QueryAsync<OpenRowEntity>(
            TableClient.CreateQueryFilter($"RowKey gt {start} and RowKey lt {end}"), most, cancellationToken: cancellationToken)
            .Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>Every entry of a site.</summary>
    public AsyncPageable<OpenRowEntity> ReadAllAsync(string site, CancellationToken cancellationToken)
        => _table.QueryAsync<OpenRowEntity>(entry => entry.PartitionKey == site, cancellationToken: cancellationToken);

    /// <summary>The entry of this name, or null.</summary>
    public async Task<OpenRowEntity?> FindAsync(string site, string name, CancellationToken cancellationToken)
        => TableClientExtensions.CanBeKey(name)
            ? await _table.FindAsync<OpenRowEntity>(site, name, cancellationToken)
            : null;

    /// <summary>Has the entries of a row that is to be removed say nothing about anybody.</summary>
    public async Task BlankAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        foreach (var name in NamesIn(row))
        {
            if (await FindAsync(row.PartitionKey, name, cancellationToken) is { } entry)
                await TryBlankAsync(entry, cancellationToken);
        }
    }

    /// <summary>Has an entry say nothing about anybody. It stays, because its row may be about to be written.</summary>
    /// <returns>False if it has changed since it was read.</returns>
    public Task<bool> TryBlankAsync(OpenRowEntity entry, CancellationToken cancellationToken)
    {
        (entry.Message, entry.Values, entry.Stuck, entry.Blob) = (null, null, null, "");
        return _table.TryWriteAsync(entry, cancellationToken);
    }

    /// <summary>Removes an entry that its row does not know, unless its writer may still be at it.</summary>
    public Task CleanAsync(OpenRowEntity entry, CancellationToken cancellationToken)
        => entry.Written + _leftover < clock.GetUtcNow()
            ? RemoveAsync(entry.PartitionKey, [entry.RowKey], cancellationToken)
            : Task.CompletedTask;

    /// <summary>The names of the entries that a row has.</summary>
    public static string[] NamesIn(LedgerRow row) => row.OpenAs?.Split(' ') ?? [];

    private static IEnumerable<string> PlacesOf(LedgerRow row)
    {
        if (row.State is SubmissionState.OutcomeUnknown or SubmissionState.Held || row.Stuck is not null)
            yield return $"{ForPerson}-{Place(SinceOf(row))}-{row.RowKey}-";
        if (row.State is SubmissionState.Waiting or SubmissionState.Ready or SubmissionState.Submitting || row.Unreported)
            yield return $"{OnTheWay}-{Place(row.Received)}-{row.RowKey}-";
        if (row is { Unhandled: true, State: SubmissionState.Rejected or SubmissionState.Withdrawn or SubmissionState.Expired })
            yield return $"{Refused}-{Place(row.Received)}-{row.RowKey}-";
        if (row is SubmissionEntity { Figures.IsUnverified: true } accepted)
            yield return string.Create(CultureInfo.InvariantCulture, $"{Unverified}-{accepted.CertificationId:D19}-{row.RowKey}-");
    }

    private static DateTimeOffset SinceOf(LedgerRow row) => (row as SubmissionEntity)?.DoubtSince ?? row.Received;

    private static string Place(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    // No two writers ever write the same entry, so that whoever loses can take his own away.
    private static string Name(string place) => place + Guid.NewGuid().ToString("N")[..12];

    private OpenRowEntity EntryOf(LedgerRow row, string name) => new()
    {
        PartitionKey = row.PartitionKey,
        RowKey = name,
        Row = row.RowKey,
        Written = clock.GetUtcNow(),
        State = row.State,
        Code = row.Code,
        Message = row.Message,
        Values = row.Values,
        Stuck = row.Stuck,
        Blob = row.Blob,
        Since = name[0] == Unverified[0] ? row.Updated : SinceOf(row),
        Received = row.Received,
        CertificationId = (row as SubmissionEntity)?.CertificationId,
        CertificateId = row.CertificateId,
    };
}
