using Microsoft.AspNetCore.Http;

namespace Springest.Functions.Access;

/// <summary>Who asks.</summary>
/// <param name="Name">The name of the key, a person's or a program's.</param>
/// <param name="Role">What the key may do.</param>
public sealed record Caller(string Name, AccessRole Role)
{
    /// <summary>Whoever showed a key that is known; null if nobody did.</summary>
    public static Caller? Find(HttpRequest request) => request.HttpContext.Features.Get<Caller>();

    /// <summary>As it stands in records: name and role.</summary>
    public override string ToString() => $"{Name} ({Role.ToString().ToLowerInvariant()})";
}
