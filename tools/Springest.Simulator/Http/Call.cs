using Microsoft.AspNetCore.Http;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Data;
using Springest.Simulator.Keys;

namespace Springest.Simulator.Http;

/// <summary>A request on its way to an endpoint.</summary>
internal sealed record Call(
    HttpContext Context,
    SimulatorServer Simulator,
    SimulatorKey Key,
    Behaviour Behaviour,
    ApiFormat Format,
    IReadOnlyDictionary<string, string> Route)
{
    public HttpRequest Request => Context.Request;

    public Catalogue Catalogue => Simulator.Catalogue;

    public DateTimeOffset Now => Simulator.Clock.GetUtcNow();

    /// <summary>A query parameter; null if it is missing or empty.</summary>
    public string? Parameter(string name) => Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>The id in the path; null if it is no number.</summary>
    public long? Id(string name = "id") => long.TryParse(Route[name], out var id) ? id : null;

    /// <summary>400 with the faults of each field.</summary>
    public Reply Invalid(FieldFaults faults) => Reply.Error(400, faults.ToJson(Behaviour.ErrorShape));
}
