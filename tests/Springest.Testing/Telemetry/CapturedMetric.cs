namespace Springest.Testing.Telemetry;

/// <summary>A point of a metric, as an exporter sent it.</summary>
/// <param name="Meter">What it belongs to.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>gauge</c>, <c>counter</c> or <c>histogram</c>.</param>
/// <param name="Value">The last value, or the sum.</param>
/// <param name="Count">How many values are in it.</param>
/// <param name="Attributes">Its tags.</param>
public sealed record CapturedMetric(
    string Meter,
    string Name,
    string Kind,
    double Value,
    long Count,
    IReadOnlyDictionary<string, string> Attributes);
