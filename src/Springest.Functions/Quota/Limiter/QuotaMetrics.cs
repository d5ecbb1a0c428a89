using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;

namespace Springest.Functions.Quota.Limiter;

/// <summary>The quota's figures as metrics.</summary>
internal sealed class QuotaMetrics(Meter meter)
{
    public Counter<long> Grants { get; }
        = meter.CreateCounter<long>("springest.quota.grants", "{write}", "Writes of the counter that granted permits.");

    public Counter<long> Granted { get; }
        = meter.CreateCounter<long>("springest.quota.granted", "{permit}", "Permits granted by writes of the counter.");

    public Counter<long> Conflicts { get; }
        = meter.CreateCounter<long>("springest.quota.conflicts", "{write}", "Writes of the counter that lost against another instance.");

    public Counter<long> Failures { get; }
        = meter.CreateCounter<long>("springest.quota.failures", "{attempt}", "Attempts to read or write the counter that failed.");

    public Counter<long> Blocks { get; }
        = meter.CreateCounter<long>("springest.quota.blocks", "{block}", "Times that Springest asked for a pause.");

    /// <summary>Adds the figures of each class, read from the limiters when they are asked for.</summary>
    public void Observe(Func<IEnumerable<QuotaAllocator>> allocators)
    {
        meter.CreateObservableCounter(
            "springest.quota.requests", () => Each(of => of.TotalSuccessfulLeases), "{permit}", "Permits that requests got.");
        meter.CreateObservableCounter(
            "springest.quota.refusals", () => Each(of => of.TotalFailedLeases), "{lease}", "Requests that got no permit.");
        meter.CreateObservableGauge(
            "springest.quota.waiting", () => Each(of => of.CurrentQueuedCount), "{permit}", "Requests that wait for a permit.");

        IEnumerable<Measurement<long>> Each(Func<RateLimiterStatistics, long> figure)
            => from allocator in allocators()
               from priority in Enum.GetValues<QuotaClass>()
               select new Measurement<long>(
                   figure(allocator.For(priority).GetStatistics()), [.. allocator.Tags, new("class", priority.ToString())]);
    }
}
