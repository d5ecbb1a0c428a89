using Azure;
using Springest.Functions.Quota;

namespace Springest.Benchmarks.Quota;

/// <summary>Counts what is asked of a store.</summary>
internal sealed class CountedStore(IQuotaStore store) : IQuotaStore
{
    private int _reads;
    private int _writes;

    public int Reads => _reads;

    public int Writes => _writes;

    public Task<(byte[]? Ring, ETag ETag, DateTimeOffset Date)> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return store.ReadAsync(cancellationToken);
    }

    public Task<DateTimeOffset?> TryWriteAsync(byte[] ring, ETag etag, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writes);
        return store.TryWriteAsync(ring, etag, cancellationToken);
    }
}
