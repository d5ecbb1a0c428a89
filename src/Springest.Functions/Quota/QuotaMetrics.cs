using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;

namespace Springest.Functions.Quota;

/// <summary>The quota's figures as metrics of the meter <c>Springest.Functions.Quota</c>, read from the pools when they are asked for.</summary>
internal sealed class QuotaMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Func<IEnumerable<QuotaPool>> _pools;

    public QuotaMetrics(IMeterFactory meters, Func<IEnumerable<QuotaPool>> pools)
    {
        _pools = pools;
        _meter = meters.Create("Springest.Functions.Quota");
        _meter.CreateObservableCounter("springest.quota.requests", () => PerClass(pool => pool.TotalSuccessfulLeases), "{permit}", "Permits taken.");
        _meter.CreateObservableCounter("springest.quota.refusals", () => PerClass(pool => pool.TotalFailedLeases), "{lease}", "Requests that got no permit.");
        _meter.CreateObservableGauge("springest.quota.waiting", () => PerClass(pool => pool.CurrentQueuedCount), "{permit}", "Permits waited for.");
        _meter.CreateObservableGauge("springest.quota.in_hand", () => PerPool(activity => activity.InHand), "{permit}", "Permits granted and not used yet.");
        _meter.CreateObservableCounter("springest.quota.grants", () => PerPool(activity => activity.Grants), "{write}", "Writes that granted permits.");
        _meter.CreateObservableCounter("springest.quota.granted", () => PerPool(activity => activity.Granted), "{permit}", "Permits granted.");
        _meter.CreateObservableCounter("springest.quota.returned", () => PerPool(activity => activity.Returned), "{permit}", "Permits expired and given back.");
        _meter.CreateObservableCounter("springest.quota.lost", () => PerPool(activity => activity.Lost), "{permit}", "Permits neither used nor given back.");
        _meter.CreateObservableCounter("springest.quota.conflicts", () => PerPool(activity => activity.Conflicts), "{write}", "Writes that came second.");
        _meter.CreateObservableCounter("springest.quota.failures", () => PerPool(activity => activity.Failures), "{attempt}", "Times that storage could not be asked.");
        _meter.CreateObservableCounter("springest.quota.blocks", () => PerPool(activity => activity.Blocks), "{block}", "Times that the server asked for a pause.");
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> PerPool(Func<QuotaActivity, long> figure)
        => _pools().Select(pool => new Measurement<long>(figure(pool.Activity()), Tags(pool)));

    private IEnumerable<Measurement<long>> PerClass(Func<RateLimiterStatistics, long> figure)
        => _pools().SelectMany(pool => Enum.GetValues<QuotaClass>().Select(priority => new Measurement<long>(
            figure(pool.Statistics(priority)), [.. Tags(pool), KeyValuePair.Create("class", (object?)priority.ToString())])));

    private static KeyValuePair<string, object?>[] Tags(QuotaPool pool)
        => [KeyValuePair.Create("site", (object?)pool.Site), KeyValuePair.Create("key", (object?)pool.Key.ToString())];
}
