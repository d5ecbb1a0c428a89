namespace Springest.Simulator.Data;

/// <summary>A change of the catalogue, as the webhooks tell it (docs/springest-api.md, sections 9.1 and 9.3).</summary>
/// <param name="Action"><c>import</c>, <c>update</c> or <c>destroy</c>; in the format of 2014 also <c>create</c>.</param>
/// <param name="Resource"><c>training</c>, <c>institute</c> or <c>conversion</c>.</param>
/// <param name="Id">Its id.</param>
public sealed record Change(string Action, string Resource, long Id);
