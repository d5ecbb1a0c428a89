using Springest.Functions.Quota;

namespace Springest.Testing.Quota;

/// <summary>Hours of two instances in which some classes never have enough, eight callers of each class in each.</summary>
internal sealed class QuotaHour
{
    private readonly Dictionary<QuotaClass, int> _permits;

    public QuotaHour(int storeMilliseconds, params QuotaClass[] classes)
    {
        var options = new QuotaOptions();
        var world = new QuotaWorld(storeMilliseconds, options);
        world.Store.Latency = TimeSpan.FromMilliseconds(storeMilliseconds / 2.0);
        var callers = (from instance in (QuotaWorld.Instance[])[world.Start(), world.Start()]
                       from priority in classes
                       from caller in instance.Add(8, priority, TimeSpan.FromSeconds(0.3))
                       select (Class: priority, Caller: caller)).ToList();
        world.Run(TimeSpan.FromHours(1.5));

        // Whole turns of the ring, since the use repeats with it.
        var turns = 2 * options.Hold;
        var (from, requests, operations) = (world.Time.Now, world.Server.Handled, world.Store.Requests);
        var before = callers.Select(each => each.Caller.Waits.Count).ToList();
        world.Run(turns);
        PerHour = world.Server.HandledSince(from) * (TimeSpan.FromHours(1) / turns);
        OperationsPerRequest = (world.Store.Requests - operations) / (double)(world.Server.Handled - requests);
        Most = world.MostInWindow();
        _permits = callers.Zip(before, (each, count) => (each.Class, Permits: each.Caller.Waits.Count - count)).GroupBy(each => each.Class)
            .ToDictionary(each => each.Key, each => (int)(each.Sum(one => one.Permits) * (TimeSpan.FromHours(1) / turns)));
    }

    /// <summary>Requests an hour.</summary>
    public double PerHour { get; }

    /// <summary>The most requests in a trailing hour.</summary>
    public int Most { get; }

    public double OperationsPerRequest { get; }

    /// <summary>Permits of a class in an hour.</summary>
    public int Of(QuotaClass priority) => _permits[priority];
}
