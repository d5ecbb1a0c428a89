using Azure;
using Azure.Data.Tables;

namespace Springest.Benchmarks.Quota;

/// <summary>The usual shared limiter: a counter per fixed window, counted up by compare-and-swap, by each instance's own clock.</summary>
internal sealed class FixedWindow(TableClient table, string name, int limit, TimeSpan length)
{
    private int _writes;

    public int Writes => _writes;

    public async ValueTask<bool> AcquireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await table.GetEntityIfExistsAsync<TableEntity>("rivals", name, cancellationToken: cancellationToken);
            var now = TimeProvider.System.GetUtcNow().UtcTicks;
            var window = now / length.Ticks;
            var count = read.HasValue && read.Value!.GetInt64("Window") == window ? read.Value.GetInt32("Count")!.Value : 0;
            if (count >= limit)
            {
                await Task.Delay(TimeSpan.FromTicks((window + 1) * length.Ticks - now), TimeProvider.System, cancellationToken);
                continue;
            }

            Interlocked.Increment(ref _writes);
            var counted = new TableEntity("rivals", name) { ["Window"] = window, ["Count"] = count + 1 };
            try
            {
                await (read.HasValue
                    ? table.UpdateEntityAsync(counted, read.Value!.ETag, TableUpdateMode.Replace, cancellationToken)
                    : table.AddEntityAsync(counted, cancellationToken));
                return true;
            }
            catch (RequestFailedException e) when (e.Status is 409 or 412)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 20)), TimeProvider.System, cancellationToken);
            }
        }
    }
}
