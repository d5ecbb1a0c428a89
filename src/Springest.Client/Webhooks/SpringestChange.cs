namespace Springest.Client;

/// <summary>One change that a webhook tells of (docs/springest-api.md, section 9).</summary>
/// <param name="About">What it is about.</param>
/// <param name="Id">The object's number.</param>
/// <param name="Action">What happened.</param>
/// <param name="UrlFits">False if the address that came with it leads to something else. Do not follow it in any case.</param>
public readonly record struct SpringestChange(ChangedObject About, long Id, ChangeAction Action, bool UrlFits);
