using System.Text.Json.Serialization;

namespace Springest.Functions.Http;

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Cursor">Where to go on; null at the end.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Cursor = null);
