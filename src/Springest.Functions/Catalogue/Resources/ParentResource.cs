namespace Springest.Functions.Catalogue.Resources;

/// <summary>What a record is listed under: at <c>{Path}/{id of the parent}/{path of the resource}</c>.</summary>
/// <param name="Path">The parents' path, <c>institutes</c>.</param>
/// <param name="Column">The record's column that holds its parent's id.</param>
public sealed record ParentResource(string Path, string Column);
