using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// Where the ledger's key is. It is made once, where there is nothing yet that another could have been used for. One that is missing or
/// another beside a ledger is a lost key: with any other, what was submitted before would not be recognised. The ledger and the guards
/// each have its check, so that neither is lost unnoticed.
/// </summary>
public sealed class LedgerKeys(AppStorage storage, CertificateContainers containers, TimeProvider time)
{
    private const string Name = "key";
    private const string CheckPartition = "_key";
    private const string Value = "Value";

    private static readonly TimeSpan _fresh = TimeSpan.FromMinutes(1);

    private readonly TableClient _keys = storage.Table(CertificateStorage.Key);
    private readonly TableClient _ledger = storage.Table(CertificateStorage.Submissions);
    private readonly TableClient _guards = storage.Table(CertificateStorage.Guards);
    private readonly BlobContainerClient _copies = storage.Container(CertificateStorage.Exports);

    private (LedgerKey Key, long Seen)? _known;

    /// <summary>The key.</summary>
    /// <exception cref="LedgerLostException">It is lost.</exception>
    public async Task<LedgerKey> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known && time.GetElapsedTime(known.Seen) < _fresh)
            return known.Key;
        while (true)
        {
            var found = await ReadAsync(cancellationToken);
            if (found is { Secret: not null, Check: not null, GuardsCheck: not null })
                return Know(found);
            if (!await IsNewAsync(cancellationToken))
            {
                // Somebody may have made it just now, and begun to use it.
                if (found != await ReadAsync(cancellationToken))
                    continue;
                var table = found.Check is null ? CertificateStorage.Submissions : CertificateStorage.Guards;
                throw new LedgerLostException(found.Secret is null ? "the key is missing" : $"its check is missing in the table {table}");
            }

            if (found is { Secret: null, Check: null, GuardsCheck: null })
                await TryInsertAsync(_keys, Name, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellationToken);
            else if (found.Secret is null)
                throw new LedgerLostException("the key is missing");
            else
                await RestoreAsync(found.Key ?? throw Unreadable(), cancellationToken);
        }
    }

    /// <summary>What is wrong with the key; null for nothing.</summary>
    public async Task<string?> FindFaultAsync(CancellationToken cancellationToken)
    {
        try
        {
            await GetAsync(cancellationToken);
            return null;
        }
        catch (LedgerLostException e)
        {
            return e.Message;
        }
    }

    /// <summary>The key that is there now, and whether it counts.</summary>
    /// <param name="expected">The check that copies name; null if there is none, where those of the ledger and the guards do.</param>
    /// <returns>Null if it is not there, or another.</returns>
    internal async Task<(LedgerKey Key, bool Counts)?> FindAsync(string? expected, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(cancellationToken);
        // Where not one of them is left, neither are rows that another key may have been used for: any will do.
        string?[] checks = [expected, found.Check, found.GuardsCheck];
        return found.Key is { } key && checks.All(check => check is null || check == key.Check)
            ? (key, found is { Check: not null, GuardsCheck: not null })
            : null;
    }

    /// <summary>Takes a person's word that what the key is missing beside is restored: the key that is there counts again.</summary>
    internal async Task RestoreAsync(LedgerKey key, CancellationToken cancellationToken)
    {
        await TryInsertAsync(_ledger, CheckPartition, key.Check, cancellationToken);
        await TryInsertAsync(_guards, CheckPartition, key.Check, cancellationToken);
    }

    private async Task<Found> ReadAsync(CancellationToken cancellationToken)
        => new(
            await ReadAsync(_keys, Name, cancellationToken),
            await ReadAsync(_ledger, CheckPartition, cancellationToken),
            await ReadAsync(_guards, CheckPartition, cancellationToken));

    private LedgerKey Know(Found found)
    {
        var key = found.Key ?? throw Unreadable();
        if (key.Check != found.Check || key.Check != found.GuardsCheck)
            throw new LedgerLostException("the key is not the one that the ledger was written with");
        _known = (key, time.GetTimestamp());
        return key;
    }

    private static LedgerLostException Unreadable() => new("the key is not Base64");

    // Before the first copy, what was accepted tells that there was a ledger.
    private async Task<bool> IsNewAsync(CancellationToken cancellationToken)
        => !await AnyAsync(_ledger, cancellationToken)
            && !await AnyAsync(_guards, cancellationToken)
            && !await AnyAsync(_copies, cancellationToken)
            && !await AnyAsync(containers.Accepted, cancellationToken);

    // The check itself is no row of the ledger's.
    private static Task<bool> AnyAsync(TableClient table, CancellationToken cancellationToken)
        => AnyAsync(
            $"the table {table.Name}",
            table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey ne {CheckPartition}"), maxPerPage: 1, select: ["RowKey"], cancellationToken),
            cancellationToken);

    private static Task<bool> AnyAsync(BlobContainerClient container, CancellationToken cancellationToken)
        => AnyAsync(
            $"the container {container.Name}",
            container.GetBlobsAsync(cancellationToken: cancellationToken).AsPages(pageSizeHint: 1).SelectMany(page => page.Values),
            cancellationToken);

    private static async Task<bool> AnyAsync<T>(string place, IAsyncEnumerable<T> found, CancellationToken cancellationToken)
    {
        try
        {
            return await found.AnyAsync(cancellationToken);
        }
        // Nobody knows what was in it.
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new LedgerLostException($"{place} is missing");
        }
    }

    private static async Task<string?> ReadAsync(TableClient table, string partition, CancellationToken cancellationToken)
        => await table.FindAsync<TableEntity>(partition, Name, cancellationToken) is { } row
            // Whoever put it back may have done so as something else.
            ? row.TryGetValue(Value, out var value) && value is string text ? text : ""
            : null;

    // Another instance may have been first.
    private static Task<bool> TryInsertAsync(TableClient table, string partition, string value, CancellationToken cancellationToken)
        => table.TryWriteAsync(new TableEntity(partition, Name) { [Value] = value }, cancellationToken);

    /// <summary>What is there of the key.</summary>
    private sealed record Found(string? Secret, string? Check, string? GuardsCheck)
    {
        /// <summary>The key; null if it is missing or cannot be read.</summary>
        public LedgerKey? Key
        {
            get
            {
                var bytes = new byte[Secret?.Length ?? 0];
                return Convert.TryFromBase64String(Secret ?? "", bytes, out var length) && length > 0 ? new(bytes[..length]) : null;
            }
        }
    }
}

/// <summary>The ledger or its key is lost, so that nothing may be submitted.</summary>
public sealed class LedgerLostException(string why) : Exception($"Nothing is submitted, because the ledger or its key is lost: {why}.");
