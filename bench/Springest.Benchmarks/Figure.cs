namespace Springest.Benchmarks;

/// <summary>One row of the results.</summary>
/// <param name="Area">The part of the app.</param>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Goal">The bound as text; null where there is none.</param>
/// <param name="Within">Whether the bound holds; null where there is none.</param>
internal sealed record Figure(string Area, string Name, double Value, string Unit, string? Goal = null, bool? Within = null);
