using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// The ledger's index: by state, newest first, by person, and by what is not verified yet. An entry is written before the row that
/// names it and removed after, so that none is ever missing; one too many, which a crash leaves behind, is told by its row.
/// </summary>
public sealed class LedgerIndex(AppStorage storage, TimeProvider time)
{
    // Longer than anybody can be between an entry and its row.
    private static readonly TimeSpan _leftover = TimeSpan.FromHours(2);

    // What may have to be looked after.
    private static readonly string[] _open =
    [
        $"{SubmissionState.Waiting}-",
        $"{SubmissionState.Submitting}-",
        $"{SubmissionState.OutcomeUnknown}-",
        $"{SubmissionState.Linked}-",
        Unreported,
    ];

    private const string Unreported = "Unreported-";

    private readonly TableClient _table = storage.Table(CertificateStorage.Index);

    /// <summary>Writes the entries that a row is to have and does not have yet, and puts their names into the row.</summary>
    /// <returns>The names of those that it need not have any more, to be removed once it is written.</returns>
    public async Task<IReadOnlyList<string>> AddAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        var present = NamesIn(row);
        var wanted = PlacesOf(row)
            .Select(place => Array.Find(present, name => name.StartsWith(place, StringComparison.Ordinal)) ?? Name(place))
            .ToList();
        var missing = wanted
            .Except(present)
            .Select(name => new TableTransactionAction(TableTransactionActionType.UpsertReplace, EntryOf(row, name)))
            .ToList();
        if (missing.Count > 0)
            await _table.SubmitTransactionAsync(missing, cancellationToken);
        row.IndexNames = string.Join(' ', wanted);
        return [.. present.Except(wanted)];
    }

    public async Task RemoveAsync(string site, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
            await _table.DeleteEntityAsync(site, name, ETag.All, cancellationToken);
    }

    /// <summary>Entries of a state, the newest first.</summary>
    /// <param name="after">The entry to begin after; null for the first.</param>
    public IAsyncEnumerable<LedgerIndexEntity> OfStateAsync(
        string site,
        SubmissionState state,
        string? after,
        CancellationToken cancellationToken) => ReadAsync(site, $"{state}-", after, cancellationToken);

    /// <summary>Entries of what has not come to its end, or is not reported, and has been so since then or before.</summary>
    /// <param name="after">The entry to begin after; null for the first.</param>
    public IAsyncEnumerable<LedgerIndexEntity> OpenAsync(
        string site,
        DateTimeOffset since,
        string? after,
        CancellationToken cancellationToken)
    {
        return _open.SkipWhile(prefix => after is not null && !IsIn(prefix)).ToAsyncEnumerable()
            .SelectMany(prefix => ReadAsync(site, prefix, IsIn(prefix) ? after : prefix + Place(since), cancellationToken));

        bool IsIn(string prefix) => after?.StartsWith(prefix, StringComparison.Ordinal) == true;
    }

    /// <summary>Entries of accepted certificates that nobody has seen verified, certification by certification.</summary>
    public IAsyncEnumerable<LedgerIndexEntity> UnverifiedAsync(string site, CancellationToken cancellationToken)
        => ReadAsync(site, "Unverified-", null, cancellationToken);

    /// <summary>Entries of all submissions of a person for a certification.</summary>
    public IAsyncEnumerable<LedgerIndexEntity> OfPersonAsync(SubmissionEntity row, CancellationToken cancellationToken)
        => ReadAsync(row.PartitionKey, PersonOf(row), null, cancellationToken);

    /// <summary>How many entries a state has, up to a number.</summary>
    public Task<int> CountAsync(string site, SubmissionState state, int most, CancellationToken cancellationToken)
        => CountAsync(site, $"{state}-", most, cancellationToken);

    public Task<int> CountUnverifiedAsync(string site, int most, CancellationToken cancellationToken)
        => CountAsync(site, "Unverified-", most, cancellationToken);

    /// <summary>Removes an entry that its row does not know, unless its writer may still be at it.</summary>
    public Task CleanAsync(LedgerIndexEntity entry, CancellationToken cancellationToken)
        => entry.Since + _leftover < time.GetUtcNow()
            ? RemoveAsync(entry.PartitionKey, [entry.RowKey], cancellationToken)
            : Task.CompletedTask;

    /// <summary>The names of the entries that a row has.</summary>
    public static string[] NamesIn(SubmissionEntity row) => row.IndexNames?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static IEnumerable<string> PlacesOf(SubmissionEntity row)
    {
        yield return $"{row.State}-{Place(row.Updated)}-{row.RowKey}-";
        if (row.Unreported)
            yield return $"{Unreported}{Place(row.Updated)}-{row.RowKey}-";
        if (row is { State: SubmissionState.Accepted, CertificateId: not null, VerifiedAt: null, CertificationId: { } certification })
            yield return string.Create(CultureInfo.InvariantCulture, $"Unverified-{certification:D19}-{row.RowKey}-");
        if (row is { Email: not null, CertificationId: not null } && !CertificateLedger.IsFile(row))
            yield return $"{PersonOf(row)}{row.RowKey}-";
    }

    private static string PersonOf(SubmissionEntity row)
    {
        var person = string.Create(CultureInfo.InvariantCulture, $"{row.CertificationId}\n{row.Email!.ToLowerInvariant()}");
        return $"Person-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(person)).AsSpan(0, 16))}-";
    }

    // The newest first.
    private static string Place(DateTimeOffset time)
        => (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    // No two writers ever write the same entry, so that whoever loses can take his own away.
    private static string Name(string place) => place + Guid.NewGuid().ToString("N")[..12];

    private static LedgerIndexEntity EntryOf(SubmissionEntity row, string name) => new()
    {
        PartitionKey = row.PartitionKey,
        RowKey = name,
        Row = row.RowKey,
        Since = row.Updated,
        CertificationId = row.CertificationId,
        CertificateId = row.CertificateId,
    };

    private AsyncPageable<LedgerIndexEntity> ReadAsync(string site, string prefix, string? after, CancellationToken cancellationToken)
        => _table.QueryAsync<LedgerIndexEntity>(Between(site, prefix, after), cancellationToken: cancellationToken);

    private async Task<int> CountAsync(string site, string prefix, int most, CancellationToken cancellationToken)
        => await _table
            .QueryAsync<TableEntity>(Between(site, prefix, null), select: ["RowKey"], cancellationToken: cancellationToken)
            .Take(most)
            .CountAsync(cancellationToken);

    private static string Between(string site, string prefix, string? after)
    {
        // What follows every name with this prefix.
        var (start, end) = (after ?? prefix, prefix[..^1] + (char)(prefix[^1] + 1));
        return TableClient.CreateQueryFilter($"PartitionKey eq {site} and RowKey gt {start} and RowKey lt {end}");
    }
}
