using System.Text.Json.Nodes;
using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary><c>POST /reviews/requests</c>: a link to a form for a review (docs/springest-api.md, section 8.8).</summary>
internal static class ReviewRequestEndpoints
{
    public static async Task<Reply> CreateAsync(Call call)
    {
        var body = await call.BodyAsync();
        var requests = Requests(body);
        var checkedRequests = requests.Select(request => ReviewRequestRules.Check(request, call.Catalogue)).ToList();
        var faults = checkedRequests.SelectMany(request => request.Faults).ToList();
        if (faults.Count > 0)
            return Reply.Error(400, string.Join(", ", faults));
        var answers = checkedRequests.Select(request => Answer(request.Training!)).ToList();
        return Reply.Ok(answers.Count == 1 ? answers[0] : new JsonObject { ["requests"] = new JsonArray([.. answers]) }, 201);
    }

    // In a wrapper, in a list, or as they are.
    private static IReadOnlyList<JsonObject> Requests(JsonObject body) => (body["requests"] ?? body["items"]) switch
    {
        JsonObject one => [one],
        JsonArray { Count: > 0 } many => [.. many.Select(one => one as JsonObject ?? [])],
        _ => [body],
    };

    private static JsonObject Answer(Record training) => new()
    {
        ["training_id"] = training.Id,
        ["url"] = $"{training.ToObject()["url"]}/ervaringen/nieuw?request={Guid.NewGuid():n}",
    };
}
