using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary><c>GET /autocomplete/:term</c>, as JSON or as JSONP (docs/springest-api.md, section 8.11).</summary>
internal static partial class AutocompleteEndpoints
{
    private const int Suggestions = 10;

    public static Reply Suggest(Call call)
    {
        var callback = call.Parameter("callback");
        if (call.Format == ApiFormat.Jsonp && (callback is null || !CallbackName().IsMatch(callback)))
            throw new BadParameterException("callback", "is not the name of a function");
        if (call.Route["term"].Length == 0)
            return Reply.NotFound();
        var everything = call.Behaviour.AutocompleteEverything;
        IEnumerable<RecordSet> groups = everything
            ? [call.Catalogue.Subjects, call.Catalogue.Trainings, call.Catalogue.Institutes, call.Catalogue.Categories]
            : [call.Catalogue.Subjects];
        var results = new JsonObject();
        foreach (var group in groups)
            results[group.Name] = Found(group, call.Route["term"], everything);
        return Reply.Ok(new JsonObject { ["results"] = results }) with { Callback = callback };
    }

    private static JsonArray Found(RecordSet group, string term, bool everything)
        => new([.. group.Snapshot()
            .Where(record => record.Facets.Name.Contains(term, StringComparison.OrdinalIgnoreCase))
            .Take(Suggestions)
            .Select(record => Item(record.ToObject(), everything))]);

    private static JsonObject Item(JsonObject record, bool everything)
    {
        string[] fields = everything ? ["id", "name", "short_name", "url"] : ["name"];
        return new JsonObject(fields.Select(field => KeyValuePair.Create(field, record[field]?.DeepClone())));
    }

    [GeneratedRegex(@"^[A-Za-z_$][A-Za-z0-9_$.]{0,63}\z")]
    private static partial Regex CallbackName();
}
