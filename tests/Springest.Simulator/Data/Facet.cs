namespace Springest.Simulator.Data;

/// <summary>An item of a training's table.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; of a region the short one.</param>
/// <param name="Other">Category of a subject, country of a region.</param>
internal sealed record Facet(long Id, string Name, string? Other);
