using System.Text.Json.Nodes;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary><c>POST /users</c>: creates or updates users, all of them or none (docs/springest-api.md, section 8.14).</summary>
internal static class UserEndpoints
{
    public static async Task<Reply> WriteAsync(Call call)
    {
        var users = Users(await call.BodyAsync());
        return call.Simulator.Users.Exclusively(() => Write(call, users));
    }

    private static Reply Write(Call call, IReadOnlyList<JsonObject> users)
    {
        var (directory, identity) = (call.Simulator.Users, call.Behaviour.UserIdentity);
        foreach (var user in users)
        {
            var faults = UserRules.Check(user, directory, call.Behaviour);
            if (faults.Any)
                return call.Invalid(faults);
        }

        var created = false;
        var ids = new List<JsonNode>();
        foreach (var user in users)
        {
            var known = directory.Match(user, identity);
            created |= known is null;
            var id = directory.Put(known, UserRules.Normalize(user));
            ids.Add(new JsonObject { ["id"] = $"{id}" });
        }

        var body = ids.Count == 1 ? ids[0] : new JsonObject { ["users"] = new JsonArray([.. ids]) };
        return Reply.Ok(body, created ? 201 : call.Behaviour.UserUpdateStatus);
    }

    // In a wrapper, in a list, or as they are.
    private static IReadOnlyList<JsonObject> Users(JsonObject body) => (body["users"] ?? body["items"]) switch
    {
        JsonObject one when one.Count == 1 && one["user"] is JsonObject inner => [inner],
        JsonObject one => [one],
        JsonArray { Count: > 0 } many => [.. many.Select(one => one as JsonObject ?? [])],
        _ => [body],
    };
}
