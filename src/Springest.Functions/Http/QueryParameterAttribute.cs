namespace Springest.Functions.Http;

/// <summary>A parameter that an address takes in its query, for the description of the API.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it says, and what it may be.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class QueryParameterAttribute(string name, string description) : Attribute
{
    public string Name { get; } = name;

    public string Description { get; } = description;
}
