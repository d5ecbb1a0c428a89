namespace Springest.Testing.Telemetry;

/// <summary>A span, as an exporter sent it.</summary>
/// <param name="Source">What made it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Such as <c>Internal</c> or <c>Client</c>.</param>
/// <param name="Failed">Whether its status is an error.</param>
/// <param name="Message">What its status says.</param>
/// <param name="Attributes">Its tags.</param>
public sealed record CapturedSpan(
    string Source,
    string Name,
    string Kind,
    bool Failed,
    string Message,
    IReadOnlyDictionary<string, string> Attributes);
