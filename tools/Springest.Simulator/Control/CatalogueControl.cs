using System.Text.Json.Nodes;

namespace Springest.Simulator.Control;

/// <summary>The data that is served.</summary>
internal static class CatalogueControl
{
    public static readonly IReadOnlyList<ControlRoute> Routes =
    [
        new("GET", "catalogue", "How many records there are of each resource", Counts),
        new("GET", "catalogue/:resource", "Ids of trainings, institutes, categories, subjects ...", call => call.Records.Ids),
        new("GET", "catalogue/:resource/:id", "A complete record", call => call.Records.Get(call.Id) ?? throw Missing(call)),
        new("PUT", "catalogue/:resource/:id", "Adds or replaces a record, as it is", PutAsync),
        new("PATCH", "catalogue/:resource/:id", "Changes fields of a record, and its time stamp", PatchAsync),
        new("DELETE", "catalogue/:resource/:id", "Removes a record", Remove),
        new("POST", "catalogue/:resource/:id/hide", "Unpublishes a record, or unverifies it", call => Show(call, visible: false)),
        new("POST", "catalogue/:resource/:id/show", "Publishes or verifies it again", call => Show(call, visible: true)),
        new("POST", "changes", "Changes ?count=N trainings at random by ?seed=N, and says which", RandomChanges),
    ];

    private static Dictionary<string, int> Counts(ControlCall call)
        => call.Simulator.Catalogue.Sets.ToDictionary(set => set.Name, set => set.Count);

    private static async Task<object?> PutAsync(ControlCall call)
    {
        var body = await call.ObjectAsync();
        // The id comes first: records are read from their beginning.
        var record = new JsonObject { ["id"] = call.Id };
        foreach (var (name, value) in body.Where(field => field.Key != "id"))
            record[name] = value?.DeepClone();
        return call.Records.Put(record).ToObject();
    }

    private static async Task<object?> PatchAsync(ControlCall call)
    {
        var changes = await call.ObjectAsync();
        changes.Remove("id");
        return call.Records.Update(call.Id, record =>
        {
            foreach (var (name, value) in changes)
                record[name] = value?.DeepClone();
        }) ? call.Records.Get(call.Id) : throw Missing(call);
    }

    private static object? Remove(ControlCall call) => call.Records.Remove(call.Id) ? null : throw Missing(call);

    private static object? Show(ControlCall call, bool visible) => call.Records.Show(call.Id, visible) ? null : throw Missing(call);

    private static object RandomChanges(ControlCall call)
        => call.Simulator.Catalogue.RandomChanges((int)call.Number("seed", 1), (int)call.Number("count", 1));

    private static ControlException Missing(ControlCall call) => new(404, $"There is no {call.Records.Singular} {call.Id}.");
}
