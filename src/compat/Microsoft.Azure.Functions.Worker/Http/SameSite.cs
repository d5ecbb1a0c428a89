namespace Microsoft.Azure.Functions.Worker.Http;

public enum SameSite
{
    /// <summary>Says nothing.</summary>
    None = 0,
    Lax = 1,
    Strict = 2,

    /// <summary>Says <c>SameSite=None</c>.</summary>
    ExplicitNone = 3,
}
