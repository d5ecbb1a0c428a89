using System.Text.Json.Nodes;
using Springest.Simulator.Data;

namespace Springest.Simulator.Webhooks;

/// <summary>Bodies of webhooks.</summary>
internal static class WebhookBody
{
    /// <summary><c>{"changes":[...]}</c>; what was destroyed has no <c>url</c> (docs/springest-api.md, sections 9.1 and 9.3).</summary>
    public static JsonObject Of(IEnumerable<Change> changes, string urlBase)
        => new() { ["changes"] = new JsonArray([.. changes.Select(change => Of(change, urlBase))]) };

    /// <summary><c>{"action":"update","id":1,"training":{...}}</c> (docs/springest-api.md, section 9.2).</summary>
    /// <exception cref="ArgumentException">The change is not of a training.</exception>
    public static JsonObject Single(Change change, Catalogue catalogue)
    {
        if (change.Resource != "training")
            throw new ArgumentException($"The format of 2014 tells of trainings only, not of {change.Resource}.");
        var body = new JsonObject { ["action"] = change.Action == "destroy" ? "delete" : change.Action, ["id"] = change.Id };
        if (body["action"]!.GetValue<string>() != "delete" && catalogue.Trainings.Get(change.Id) is { } training)
            body["training"] = training;
        return body;
    }

    private static JsonObject Of(Change change, string urlBase)
    {
        var item = new JsonObject { ["action"] = change.Action, ["object"] = change.Resource, ["id"] = change.Id };
        if (change.Action != "destroy")
            item["url"] = $"{urlBase}/{(change.Resource == "conversion" ? "bookings" : change.Resource + "s")}/{change.Id}";
        return item;
    }
}
