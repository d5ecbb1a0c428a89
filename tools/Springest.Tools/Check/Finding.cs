namespace Springest.Tools.Check;

/// <summary>One inference of docs/springest-api.md, and what the API does.</summary>
internal sealed record Finding(string Topic, string Section, string Inferred, string Found, bool Holds, string Setting);
