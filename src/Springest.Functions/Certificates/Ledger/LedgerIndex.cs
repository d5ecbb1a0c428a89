using System.Globalization;
using Azure.Data.Tables;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// What rows of the ledger are looked for by: person, number, file name, certification, when they came, the state that they ended in, and
/// what closes a refusal. An entry is written before what it says of its row, and stays unless the row goes; whoever finds one looks
/// whether its row says the same.
/// </summary>
public sealed class LedgerIndex(AppStorage storage)
{
    private readonly TableClient _table = storage.Table(CertificateStorage.Index);

    /// <summary>Writes the entries that a row has come to need.</summary>
    public async Task AddAsync(LedgerRow row, LedgerKey key, CancellationToken cancellationToken)
    {
        var entries = NamesOf(row, key)
            .Select(name => new TableTransactionAction(
                TableTransactionActionType.UpsertReplace, new TableEntity(row.PartitionKey, name + row.RowKey)))
            .ToList();
        if (entries.Count > 0)
            await _table.SubmitTransactionAsync(entries, cancellationToken);
    }

    /// <summary>Removes the entries of a note that is removed: whoever guesses a file's name and time could tell it by them.</summary>
    public async Task RemoveAsync(FileNoteEntity note, LedgerKey key, CancellationToken cancellationToken)
    {
        string[] names =
        [
            .. NamesOfFile(note.Blob, key), $"{Came(null)}{Moment(note.Received)}-", Ended(note), .. ClosedBy(note),
        ];
        foreach (var name in names)
            await _table.DeleteEntityAsync(note.PartitionKey, name + note.RowKey, cancellationToken: cancellationToken);
    }

    /// <summary>Row keys under a person.</summary>
    public IAsyncEnumerable<string> OfPersonAsync(string site, string person, CancellationToken cancellationToken)
        => ReadAsync(site, $"person-{person}-", cancellationToken);

    /// <summary>Row keys under a number that Springest gave.</summary>
    public IAsyncEnumerable<string> OfNumberAsync(string site, long number, CancellationToken cancellationToken)
        => ReadAsync(site, Number(number), cancellationToken);

    /// <summary>Row keys under a blob's whole name, or under a file's name in whatever folder.</summary>
    public IAsyncEnumerable<string> OfFileAsync(string site, string file, LedgerKey key, CancellationToken cancellationToken)
        => ReadAsync(site, file.Contains('/', StringComparison.Ordinal) ? Whole(file, key) : InAnyFolder(file, key), cancellationToken);

    /// <summary>Row keys of what came in a time, for a certification or any, the newest first.</summary>
    public IAsyncEnumerable<string> ReceivedAsync(
        string site, long? certification, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var prefix = Came(certification);
        // What follows everything of one moment; of the two moments, only the first is meant.
        return EntriesAsync(site, $"{prefix}{Moment(until)}.", $"{prefix}{Moment(from)}.", cancellationToken)
            .Select(entry => entry[(prefix.Length + Moment(from).Length + 1)..]);
    }

    /// <summary>Row keys of the refusals that something closes.</summary>
    public IAsyncEnumerable<string> ClosedByAsync(string site, string hash, CancellationToken cancellationToken)
        => ReadAsync(site, $"closes-{hash}-", cancellationToken);

    /// <summary>The rows that ended in a state, the newest first, as entries and row keys.</summary>
    /// <param name="after">The entry to begin after; null for the first.</param>
    public IAsyncEnumerable<(string Entry, string Row)> EndedAsync(
        string site, SubmissionState state, string? after, CancellationToken cancellationToken)
        => EntriesAsync(site, after ?? $"{state}-", EndOf($"{state}-"), cancellationToken)
            .Select(entry => (entry, entry[($"{state}-".Length + 20)..]));

    /// <summary>The entry of a row that is at its end.</summary>
    public static string EndOf(LedgerRow row) => Ended(row) + row.RowKey;

    private static IEnumerable<string> NamesOf(LedgerRow row, LedgerKey key)
    {
        if (row.Stored is null)
        {
            foreach (var name in NamesOfFile(row.Blob, key))
                yield return name;
            yield return $"{Came(null)}{Moment(row.Received)}-";
        }

        if (row is SubmissionEntity submission && row.Stored is not { IsSubmission: true })
        {
            yield return $"person-{submission.Person}-";
            yield return $"{Came(submission.CertificationId)}{Moment(row.Received)}-";
        }

        if (row.Stored?.State == row.State)
            yield break;
        if (!row.State.IsOpen())
            yield return Ended(row);
        if (row is { State: SubmissionState.Accepted, CertificateId: { } number })
            yield return Number(number);
        foreach (var name in ClosedBy(row))
            yield return name;
    }

    private static IEnumerable<string> ClosedBy(LedgerRow row) => row.ClosedBy?.Split(' ').Select(hash => $"closes-{hash}-") ?? [];

    private static string[] NamesOfFile(string blob, LedgerKey key) => [Whole(blob, key), InAnyFolder(BlobNames.FileOf(blob), key)];

    private static string Whole(string blob, LedgerKey key) => $"blob-{key.File(blob)}-";

    private static string InAnyFolder(string file, LedgerKey key) => $"file-{key.File(file)}-";

    private static string Ended(LedgerRow row) => $"{row.State}-{Moment(row.Updated)}-";

    // The newest first.
    private static string Moment(DateTimeOffset time)
        => (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    private static string Came(long? certification)
        => certification is { } id ? string.Create(CultureInfo.InvariantCulture, $"certification-{id:D19}-") : "came-";

    private static string Number(long number) => string.Create(CultureInfo.InvariantCulture, $"number-{number:D19}-");

    private IAsyncEnumerable<string> ReadAsync(string site, string prefix, CancellationToken cancellationToken)
        => EntriesAsync(site, prefix, EndOf(prefix), cancellationToken).Select(entry => entry[prefix.Length..]);

    // What follows every name with this prefix.
    private static string EndOf(string prefix) => prefix[..^1] + (char)(prefix[^1] + 1);

    private IAsyncEnumerable<string> EntriesAsync(string site, string start, string end, CancellationToken cancellationToken)
        => _table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {site} and RowKey gt {start} and RowKey lt {end}"),
                select: ["RowKey"],
                cancellationToken: cancellationToken)
            .Select(entry => entry.RowKey);
}
