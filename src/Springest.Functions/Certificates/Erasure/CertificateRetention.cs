using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Privacy;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>
/// Makes stubs of the ledger's rows that are older than they are kept, and removes the notes about lists. What is open stays, however old.
/// </summary>
public sealed class CertificateRetention(
    AppStorage storage, CertificateLedger ledger, LedgerStubs stubs, IOptions<CertificatesOptions> options, TimeProvider clock) : IRetention
{
    // A row takes some three requests.
    private const int Parallelism = 8;

    public async Task<int> RemoveOldAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.KeepFor;
        var old = ledger.Sites.ToAsyncEnumerable()
            .SelectMany(site => ledger.ReadAllAsync(site, cancellationToken))
            .Where(row => row.Updated < before && LedgerStubs.IsClosed(row) && !LedgerStubs.IsStub(row));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        var count = 0;
        try
        {
            await Parallel.ForEachAsync(old, parallel, async (row, token) =>
            {
                if (await stubs.TryPruneAsync(row, token))
                    Interlocked.Increment(ref count);
            });
        }
        finally
        {
            await ledger.FlushAsync(CancellationToken.None);
        }

        return count + await storage.Table(CertificateStorage.Manifests)
            .DeleteAllAsync(TableClient.CreateQueryFilter($"At lt {before}"), cancellationToken);
    }
}
