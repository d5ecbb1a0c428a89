namespace Springest.Functions.Access;

/// <summary>An HTTP function that needs no access key.</summary>
/// <param name="because">Why that does no harm.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublicAttribute(string because) : Attribute
{
    public string Because { get; } = because;
}
