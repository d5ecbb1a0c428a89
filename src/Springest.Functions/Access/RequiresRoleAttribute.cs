namespace Springest.Functions.Access;

/// <summary>Whom an HTTP function lets in. One without this, or <see cref="PublicAttribute"/>, lets nobody in.</summary>
/// <param name="role">The least role of a key.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresRoleAttribute(AccessRole role) : Attribute
{
    public AccessRole Role { get; } = role;
}
