namespace Springest.Simulator.Behaviours;

/// <summary>Form of <c>error</c> in a 400 (docs/springest-api.md, section 6).</summary>
public enum ErrorShape
{
    /// <summary><c>{"email":["is required"]}</c></summary>
    Arrays,

    /// <summary><c>{"email":"is required"}</c></summary>
    Strings,

    /// <summary><c>"email is required, file is required"</c></summary>
    Text,
}
