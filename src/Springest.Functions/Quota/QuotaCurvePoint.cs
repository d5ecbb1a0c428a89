namespace Springest.Functions.Quota;

/// <summary>Permits granted in a span of time that begins at <paramref name="From"/>.</summary>
public readonly record struct QuotaCurvePoint(DateTimeOffset From, int Permits);
