using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;

namespace Springest.Functions.Quota;

/// <summary>The quota's figures as metrics of the meter <c>Springest.Functions.Quota</c>, read from the pools when they are asked for.</summary>
internal static class QuotaMetrics
{
    public static void Observe(IMeterFactory meters, Func<IEnumerable<QuotaPool>> pools)
    {
        var meter = meters.Create("Springest.Functions.Quota");
        meter.CreateObservableCounter("springest.quota.requests", () => PerClass(pool => pool.TotalSuccessfulLeases), "{permit}", "Permits taken.");
        meter.CreateObservableCounter("springest.quota.refusals", () => PerClass(pool => pool.TotalFailedLeases), "{lease}", "Requests that got no permit.");
        meter.CreateObservableGauge("springest.quota.waiting", () => PerClass(pool => pool.CurrentQueuedCount), "{permit}", "Permits waited for.");
        meter.CreateObservableGauge("springest.quota.in_hand", () => PerPool(activity => activity.InHand), "{permit}", "Permits granted and not used yet.");
        meter.CreateObservableCounter("springest.quota.grants", () => PerPool(activity => activity.Grants), "{write}", "Writes that granted permits.");
        meter.CreateObservableCounter("springest.quota.granted", () => PerPool(activity => activity.Granted), "{permit}", "Permits granted.");
        meter.CreateObservableCounter("springest.quota.returned", () => PerPool(activity => activity.Returned), "{permit}", "Permits expired and given back.");
        meter.CreateObservableCounter("springest.quota.lost", () => PerPool(activity => activity.Lost), "{permit}", "Permits neither used nor given back.");
        meter.CreateObservableCounter("springest.quota.conflicts", () => PerPool(activity => activity.Conflicts), "{write}", "Writes that came second.");
        meter.CreateObservableCounter("springest.quota.failures", () => PerPool(activity => activity.Failures), "{attempt}", "Times that storage could not be asked.");
        meter.CreateObservableCounter("springest.quota.blocks", () => PerPool(activity => activity.Blocks), "{block}", "Times that the server asked for a pause.");

        IEnumerable<Measurement<long>> PerPool(Func<QuotaActivity, long> figure)
            => pools().Select(pool => new Measurement<long>(figure(pool.Activity()), Tags(pool)));

        IEnumerable<Measurement<long>> PerClass(Func<RateLimiterStatistics, long> figure)
            => pools().SelectMany(pool => Enum.GetValues<QuotaClass>().Select(priority => new Measurement<long>(
                figure(pool.Statistics(priority)), [.. Tags(pool), KeyValuePair.Create("class", (object?)priority.ToString())])));
    }

    private static KeyValuePair<string, object?>[] Tags(QuotaPool pool)
        => [KeyValuePair.Create("site", (object?)pool.Site), KeyValuePair.Create("key", (object?)pool.Key.ToString())];
}
