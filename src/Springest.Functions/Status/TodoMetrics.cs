using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Springest.Functions.Status.Report;

namespace Springest.Functions.Status;

/// <summary>
/// What waits for a person, as the metric that alerts are made of. That it comes at all says that the app runs; so it comes also from an
/// app that cannot do its work.
/// </summary>
public sealed class TodoMetrics(IMeterFactory meters)
{
    // Whatever was open is told once more when it no longer is. To tell every minute of each kind that it is not would cost more than all
    // else.
    private readonly ConcurrentDictionary<string, int> _told = new();
    private readonly Gauge<long> _open = meters.Create("Springest.Functions.Status")
        .CreateGauge<long>("springest.todo.open", "{item}", "To-do entries, by kind, and all of them together.");

    internal void Record(IReadOnlyList<AttentionItem> items)
    {
        Tell(items);
        foreach (var kind in _told.Keys.Where(kind => items.All(item => item.Kind != kind)))
        {
            _told.TryRemove(kind, out _);
            Tell(kind, 0);
        }

        TellAll();
    }

    /// <summary>Of an app that can tell only this. What else was open when it was looked for last is taken to be so still.</summary>
    internal void RecordPart(IReadOnlyList<AttentionItem> items)
    {
        Tell(items);
        foreach (var (kind, count) in _told.Where(told => items.All(item => item.Kind != told.Key)))
            Tell(kind, count);
        TellAll();
    }

    private void TellAll() => _open.Record(_told.Values.Sum(), new("kind", "all"), new("severity", 0));

    private void Tell(IReadOnlyList<AttentionItem> items)
    {
        foreach (var (kind, count) in items.CountBy(item => item.Kind))
        {
            _told[kind] = count;
            Tell(kind, count);
        }
    }

    private void Tell(string kind, int count)
        => _open.Record(count, new("kind", kind), new("severity", TodoKinds.SeverityOf(kind)));
}
