using System.Security.Cryptography;
using Azure.Data.Tables;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// Where the ledger's key is. It is made once, where there is nothing yet that another could have been used for. One that is missing or
/// another beside a ledger is a lost key: with any other, what was submitted before would not be recognised.
/// </summary>
public sealed class LedgerKeys(AppStorage storage, TimeProvider time)
{
    private const string Name = "key";
    private const string CheckPartition = "_key";
    private const string Value = "Value";

    private static readonly TimeSpan _fresh = TimeSpan.FromMinutes(1);

    private readonly TableClient _keys = storage.Table(CertificateStorage.Key);
    private readonly TableClient _ledger = storage.Table(CertificateStorage.Submissions);

    private (LedgerKey Key, long Seen)? _known;

    /// <summary>The key.</summary>
    /// <exception cref="LedgerLostException">It is lost.</exception>
    public async Task<LedgerKey> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known && time.GetElapsedTime(known.Seen) < _fresh)
            return known.Key;
        while (true)
        {
            var (secret, check) = await ReadAsync(cancellationToken);
            if (secret is not null && check is not null)
                return Know(new LedgerKey(Convert.FromBase64String(secret)), check);
            if (!await IsNewAsync(cancellationToken))
            {
                // Somebody may have made it just now, and begun to use it.
                if ((secret, check) != await ReadAsync(cancellationToken))
                    continue;
                throw new LedgerLostException(secret is null ? "the key is missing" : "the key's check is missing");
            }

            if (secret is null && check is not null)
                throw new LedgerLostException("the key is missing");
            if (secret is null)
                await TryInsertAsync(_keys, Name, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellationToken);
            else
                await TryInsertAsync(_ledger, CheckPartition, new LedgerKey(Convert.FromBase64String(secret)).Check, cancellationToken);
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

    /// <summary>Takes a person's word that what the key is missing beside is restored: the key that is there counts again.</summary>
    /// <param name="expected">The check that the export names.</param>
    /// <returns>The key; null if it is not there, or another.</returns>
    internal async Task<LedgerKey?> RestoreAsync(string expected, CancellationToken cancellationToken)
    {
        if (await ReadAsync(_keys, Name, cancellationToken) is not { } secret || new LedgerKey(Convert.FromBase64String(secret)) is var key
            && key.Check != expected)
            return null;
        await TryInsertAsync(_ledger, CheckPartition, key.Check, cancellationToken);
        return await ReadAsync(_ledger, CheckPartition, cancellationToken) == key.Check ? key : null;
    }

    private async Task<(string? Secret, string? Check)> ReadAsync(CancellationToken cancellationToken)
        => (await ReadAsync(_keys, Name, cancellationToken), await ReadAsync(_ledger, CheckPartition, cancellationToken));

    private LedgerKey Know(LedgerKey key, string check)
    {
        if (key.Check != check)
            throw new LedgerLostException("the key is not the one that the ledger was written with");
        _known = (key, time.GetTimestamp());
        return key;
    }

    private async Task<bool> IsNewAsync(CancellationToken cancellationToken)
        => !await AnyAsync(_ledger, cancellationToken)
            && !await AnyAsync(storage.Table(CertificateStorage.Guards), cancellationToken)
            && !await storage.Container(CertificateStorage.Exports).GetBlobsAsync(cancellationToken: cancellationToken)
                .AnyAsync(cancellationToken);

    // The check itself is no row of the ledger's.
    private static ValueTask<bool> AnyAsync(TableClient table, CancellationToken cancellationToken)
        => table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey ne {CheckPartition}"), maxPerPage: 1, select: ["RowKey"], cancellationToken)
            .AnyAsync(cancellationToken);

    private static async Task<string?> ReadAsync(TableClient table, string partition, CancellationToken cancellationToken)
        => await table.GetEntityIfExistsAsync<TableEntity>(partition, Name, cancellationToken: cancellationToken)
            is { HasValue: true, Value: { } row }
            ? row.GetString(Value)
            : null;

    // Another instance may have been first.
    private static Task<bool> TryInsertAsync(TableClient table, string partition, string value, CancellationToken cancellationToken)
        => table.TryWriteAsync(new TableEntity(partition, Name) { [Value] = value }, cancellationToken);
}

/// <summary>The key of the ledger is lost, so that nothing may be submitted.</summary>
public sealed class LedgerLostException(string why) : Exception($"Nothing is submitted, because the ledger's key is lost: {why}.");
