namespace Springest.Functions.Storage;

/// <summary>A table that a feature registers, so that it is made before it is used.</summary>
/// <param name="Name">Without prefix.</param>
public sealed record RequiredTable(string Name);
