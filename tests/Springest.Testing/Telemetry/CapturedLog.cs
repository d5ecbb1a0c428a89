namespace Springest.Testing.Telemetry;

/// <summary>A line of a log, as an exporter sent it.</summary>
public sealed record CapturedLog(string Category, string Severity, string Message, IReadOnlyDictionary<string, string> Attributes);
