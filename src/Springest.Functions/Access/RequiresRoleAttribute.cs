namespace Springest.Functions.Access;

/// <summary>Whom an HTTP function lets in. One without this, or <see cref="PublicAttribute"/>, lets nobody in.</summary>
/// <param name="role">The least role of a key.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresRoleAttribute(AccessRole role) : Attribute
{
    public AccessRole Role { get; } = role;

    /// <summary>False where what an operator does is recorded elsewhere, with who did it.</summary>
    public bool IsLogged { get; init; } = true;
}
