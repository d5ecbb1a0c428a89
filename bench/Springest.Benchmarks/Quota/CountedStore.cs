using Springest.Functions.Quota.Counter;

namespace Springest.Benchmarks.Quota;

/// <summary>Counts what is asked of a store, and takes longer over it.</summary>
internal sealed class CountedStore(IQuotaStore store, TimeSpan added = default) : IQuotaStore
{
    private int _reads;
    private int _writes;

    public int Reads => _reads;

    public int Writes => _writes;

    public async Task<(StoredWindow? Window, DateTimeOffset Date)> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        await DelayAsync(cancellationToken);
        return await store.ReadAsync(cancellationToken);
    }

    public async Task<bool> TryWriteAsync(SlidingWindow window, StoredWindow? read, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writes);
        await DelayAsync(cancellationToken);
        return await store.TryWriteAsync(window, read, cancellationToken);
    }

    private Task DelayAsync(CancellationToken cancellationToken)
        => added > TimeSpan.Zero ? Task.Delay(added, TimeProvider.System, cancellationToken) : Task.CompletedTask;
}
