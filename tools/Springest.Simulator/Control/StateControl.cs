using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Simulator.Behaviours;

namespace Springest.Simulator.Control;

/// <summary>What was received, behaviour and faults.</summary>
internal static class StateControl
{
    public static readonly IReadOnlyList<ControlRoute> Routes =
    [
        new("GET", "requests", "Requests after number ?after=N, at most ?limit=N (1000); never with a key", Requests),
        new("DELETE", "requests", "Forgets the requests so far", call => Do(call.Simulator.Requests.Clear)),
        new("GET", "certificates", "The certificates that were posted", call => call.Simulator.Certificates.Snapshot()),
        new("DELETE", "certificates", "Forgets them", call => Do(call.Simulator.Certificates.Clear)),
        new("GET", "bookings", "The bookings that were made", call => call.Simulator.Bookings.Snapshot()),
        new("GET", "users", "The users that were posted", call => call.Simulator.Users.Snapshot()),
        new("GET", "behaviour", "How requests are answered", call => call.Simulator.Behaviour),
        new("PATCH", "behaviour", """Changes it: {"rateLimit":{"limit":100,"window":"00:00:10","kind":"Trailing"}}""", PatchAsync),
        new("GET", "faults", "Answers that go wrong on purpose", call => call.Simulator.Behaviour.Faults),
        new("POST", "faults", """Adds one: {"path":"/trainings","status":503,"times":2}; or kind Close, Stall, Truncate""", AddFaultAsync),
        new("DELETE", "faults", "Takes them all away", call => Do(call.Simulator.Behaviour.Faults.Clear)),
    ];

    private static object Requests(ControlCall call)
    {
        var (after, limit) = (call.Number("after", 0), call.Number("limit", 1000));
        var requests = call.Simulator.Requests.Snapshot();
        return new { requests.Count, Requests = requests.Where(request => request.Number > after).Take((int)limit) };
    }

    private static async Task<object?> PatchAsync(ControlCall call)
    {
        var behaviour = JsonSerializer.SerializeToNode(call.Simulator.Behaviour, ControlApi.Json)!.AsObject();
        Merge(behaviour, await call.ObjectAsync());
        try
        {
            var changed = behaviour.Deserialize<Behaviour>(ControlApi.Json)!;
            return call.Simulator.Behaviour = changed with { Faults = call.Simulator.Behaviour.Faults };
        }
        catch (JsonException broken)
        {
            throw new ControlException(400, $"That is no behaviour: {broken.Message}");
        }
    }

    private static async Task<object?> AddFaultAsync(ControlCall call)
    {
        var fault = await call.BodyAsync<Fault>();
        call.Simulator.Behaviour.Faults.Add(fault);
        return fault;
    }

    private static void Merge(JsonObject into, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is JsonObject inner && into[name] is JsonObject known)
                Merge(known, inner);
            else
                into[name] = value?.DeepClone();
        }
    }

    private static object? Do(Action action)
    {
        action();
        return null;
    }
}
