using System.Buffers.Binary;
using Springest.Functions.Quota;

namespace Springest.Benchmarks.Quota;

/// <summary>What is usual: a counter per fixed window, counted up by compare-and-swap for each request, by the instance's own clock.</summary>
internal sealed class FixedWindow(IQuotaStore store, int limit, TimeSpan length)
{
    public async ValueTask<bool> AcquireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (stored, etag, _) = await store.ReadAsync(cancellationToken);
            var now = TimeProvider.System.GetUtcNow().UtcTicks;
            var window = now / length.Ticks;
            var count = stored is not null && BinaryPrimitives.ReadInt64LittleEndian(stored) == window
                ? BinaryPrimitives.ReadInt32LittleEndian(stored.AsSpan(8))
                : 0;
            if (count >= limit)
            {
                await Task.Delay(TimeSpan.FromTicks((window + 1) * length.Ticks - now), TimeProvider.System, cancellationToken);
                continue;
            }

            var counted = new byte[12];
            BinaryPrimitives.WriteInt64LittleEndian(counted, window);
            BinaryPrimitives.WriteInt32LittleEndian(counted.AsSpan(8), count + 1);
            if (await store.TryWriteAsync(counted, etag, cancellationToken) is not null)
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 20)), TimeProvider.System, cancellationToken);
        }
    }
}
