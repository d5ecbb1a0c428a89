namespace Springest.Simulator.Behaviours;

/// <summary>How users are matched (docs/springest-api.md, sections 8.14 and 10).</summary>
public enum UserIdentity
{
    /// <summary>By <c>external_id</c> or <c>email</c>; if both are given, the former wins.</summary>
    EmailOrExternalId,

    /// <summary>By <c>email</c> alone, which is required.</summary>
    EmailOnly,
}
