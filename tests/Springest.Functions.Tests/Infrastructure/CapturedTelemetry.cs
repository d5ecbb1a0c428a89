using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Springest.Functions.Tests.Infrastructure;

/// <summary>The metrics of one app, as an exporter would get them, and the traces of all that run meanwhile.</summary>
internal sealed class CapturedTelemetry : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly ConcurrentBag<Instrument> _instruments = [];
    private readonly ConcurrentQueue<Measurement> _measurements = new();
    private readonly ConcurrentQueue<string> _spans = new();

    /// <param name="meters">The app's own; several apps run at once in the tests.</param>
    public CapturedTelemetry(IMeterFactory meters)
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope != meters || !instrument.Meter.Name.StartsWith("Springest.", StringComparison.Ordinal))
                return;
            _instruments.Add(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Springest.", StringComparison.Ordinal),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
                _spans.Enqueue(
                    $"{activity.DisplayName} {activity.StatusDescription} "
                        + $"{string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))}"),
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public IReadOnlyCollection<Instrument> Instruments => _instruments;

    /// <summary>What was measured until now; what is read when it is asked for, now.</summary>
    public IReadOnlyCollection<Measurement> Measurements
    {
        get
        {
            _meters.RecordObservableInstruments();
            return _measurements;
        }
    }

    /// <summary>All of it as text.</summary>
    public IEnumerable<string> Lines
        => _spans.Concat(Measurements.Select(measurement => $"{measurement.Name} {string.Join(' ', measurement.Tags)}"));

    /// <summary>The sum of a metric's values that have these tags, such as <c>status=401</c>.</summary>
    public double Sum(string name, params string[] tags) => Matching(name, tags).Sum(measurement => measurement.Value);

    /// <summary>The last value of a metric that has these tags.</summary>
    public double Last(string name, params string[] tags) => Matching(name, tags).Last().Value;

    /// <summary>How often a metric with these tags was recorded.</summary>
    public int Count(string name, params string[] tags) => Matching(name, tags).Count();

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private IEnumerable<Measurement> Matching(string name, string[] tags)
        => Measurements.Where(measurement => measurement.Name == name
            && Array.TrueForAll(tags, tag => measurement.Tags.Any(own => $"{own.Key}={own.Value}" == tag)));

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => _measurements.Enqueue(new Measurement(instrument.Name, value, tags.ToArray()));

    internal sealed record Measurement(string Name, double Value, IReadOnlyList<KeyValuePair<string, object?>> Tags);
}
