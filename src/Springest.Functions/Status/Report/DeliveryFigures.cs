namespace Springest.Functions.Status.Report;

/// <summary>A webhook that was taken.</summary>
public sealed record DeliveryFigures(string Id, DateTimeOffset Received, int Accepted, int Ignored, int Objects, int Bytes);
