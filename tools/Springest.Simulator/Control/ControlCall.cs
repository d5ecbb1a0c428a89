using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Springest.Simulator.Data;

namespace Springest.Simulator.Control;

/// <summary>A request to a path below <c>/_simulator</c>.</summary>
internal sealed record ControlCall(HttpContext Context, SimulatorServer Simulator, IReadOnlyDictionary<string, string> Route)
{
    public CancellationToken Ended => Context.RequestAborted;

    public RecordSet Records
        => Simulator.Catalogue[Route["resource"]] ?? throw new ControlException(404, $"There is no resource {Route["resource"]}.");

    public long Id => long.TryParse(Route["id"], out var id) ? id : throw new ControlException(400, $"{Route["id"]} is no id.");

    public long Number(string name, long otherwise)
        => Context.Request.Query[name].ToString() is not { Length: > 0 } text ? otherwise
            : long.TryParse(text, out var number) ? number
            : throw new ControlException(400, $"{name} should be a number.");

    public async Task<T> BodyAsync<T>()
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(Context.Request.Body, ControlApi.Json, Ended)
                ?? throw new ControlException(400, "The body is null.");
        }
        catch (JsonException broken)
        {
            throw new ControlException(400, $"The body is not as expected: {broken.Message}");
        }
    }

    public Task<JsonObject> ObjectAsync() => BodyAsync<JsonObject>();
}
