using System.Globalization;
using Azure.Data.Tables;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// What rows of the ledger are looked for by: person, number, file name, the state that they ended in, and what closes a refusal. An entry
/// is written before what it says of its row, and stays; whoever finds one looks whether its row says the same.
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

    /// <summary>Row keys under a person.</summary>
    public IAsyncEnumerable<string> OfPersonAsync(string site, string person, CancellationToken cancellationToken)
        => ReadAsync(site, $"person-{person}-", cancellationToken);

    /// <summary>Row keys under a number that Springest gave.</summary>
    public IAsyncEnumerable<string> OfNumberAsync(string site, long number, CancellationToken cancellationToken)
        => ReadAsync(site, Number(number), cancellationToken);

    /// <summary>Row keys under a file's whole name.</summary>
    public IAsyncEnumerable<string> OfFileAsync(string site, string file, CancellationToken cancellationToken)
        => ReadAsync(site, $"file-{file}-", cancellationToken);

    /// <summary>Row keys of the refusals that something closes.</summary>
    public IAsyncEnumerable<string> ClosedByAsync(string site, string hash, CancellationToken cancellationToken)
        => ReadAsync(site, $"closes-{hash}-", cancellationToken);

    /// <summary>The rows that ended in a state, the newest first, as entries and row keys.</summary>
    /// <param name="after">The entry to begin after; null for the first.</param>
    public IAsyncEnumerable<(string Entry, string Row)> EndedAsync(
        string site, SubmissionState state, string? after, CancellationToken cancellationToken)
        => EntriesAsync(site, $"{state}-", after, cancellationToken).Select(entry => (entry, entry[($"{state}-".Length + 20)..]));

    /// <summary>The entry of a row that is at its end.</summary>
    public static string EndOf(LedgerRow row) => Ended(row) + row.RowKey;

    private static IEnumerable<string> NamesOf(LedgerRow row, LedgerKey key)
    {
        if (row.Stored is null)
            yield return $"file-{key.File(row.Blob)}-";
        if (row is SubmissionEntity submission && row.Stored is not { IsSubmission: true })
            yield return $"person-{submission.Person}-";
        if (row.Stored?.State == row.State)
            yield break;
        if (row.State is not (SubmissionState.Waiting or SubmissionState.Ready or SubmissionState.Submitting
            or SubmissionState.OutcomeUnknown or SubmissionState.Held))
            yield return Ended(row);
        if (row is { State: SubmissionState.Accepted, CertificateId: { } number })
            yield return Number(number);
        foreach (var hash in row.ClosedBy?.Split(' ') ?? [])
            yield return $"closes-{hash}-";
    }

    // The newest first.
    private static string Ended(LedgerRow row) => string.Create(
        CultureInfo.InvariantCulture, $"{row.State}-{DateTimeOffset.MaxValue.UtcTicks - row.Updated.UtcTicks:D19}-");

    private static string Number(long number) => string.Create(CultureInfo.InvariantCulture, $"number-{number:D19}-");

    private IAsyncEnumerable<string> ReadAsync(string site, string prefix, CancellationToken cancellationToken)
        => EntriesAsync(site, prefix, null, cancellationToken).Select(entry => entry[prefix.Length..]);

    private IAsyncEnumerable<string> EntriesAsync(string site, string prefix, string? after, CancellationToken cancellationToken)
    {
        // What follows every name with this prefix.
        var (start, end) = (after ?? prefix, prefix[..^1] + (char)(prefix[^1] + 1));
        return _table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {site} and RowKey gt {start} and RowKey lt {end}"),
                select: ["RowKey"],
                cancellationToken: cancellationToken)
            .Select(entry => entry.RowKey);
    }
}
