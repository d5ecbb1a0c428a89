using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>The app's own description of its addresses, against which every answer is held.</summary>
public sealed class ApiContract
{
    private static ApiContract? _ofAllApps;

    private readonly ConcurrentDictionary<JsonNode, JsonSchema> _schemas = new();
    private readonly JsonObject _document;
    private readonly List<(Regex Pattern, JsonObject Path)> _paths;

    private ApiContract(string document)
    {
        _document = JsonNode.Parse(document)!.AsObject();
        // A word in a path goes before a parameter in its place.
        _paths = [.. _document["paths"]!.AsObject().OrderBy(path => path.Key.Count(letter => letter == '{'))
            .Select(path => (ToPattern(path.Key), path.Value!.AsObject()))];
    }

    public static ApiContract Parse(string document) => new(document);

    /// <summary>What the first app that was asked says: to write it costs an app much, and all write the same.</summary>
    public static async Task<ApiContract> ReadAsync(App app)
    {
        if (_ofAllApps is { } known)
            return known;
        var description = await app.GetAsync("api/openapi.json");
        Assert.Equal(200, (int)description.Status);
        return _ofAllApps = Parse(description.Body);
    }

    /// <summary>Fails where the answer is none that the description has.</summary>
    public void Check(string method, string path, Answer answer)
    {
        var address = path.Split('?')[0];
        if (_paths.Find(each => each.Pattern.IsMatch(address)).Path?[method.ToLowerInvariant()] is not JsonObject operation)
            return;
        var status = ((int)answer.Status).ToString(CultureInfo.InvariantCulture);
        var exchange = $"{method} {address} -> {status}";
        // The host's own, for an id that is no number, or while no worker answers.
        if (answer.Body.Length == 0 && (status == "404" || (int)answer.Status >= 500))
            return;
        var response = operation["responses"]![status] ?? operation["responses"]!["default"]!;
        if (response["content"] is not JsonObject content)
        {
            Assert.True(answer.Body.Length == 0, $"{exchange} has a body: {answer.Body}");
            return;
        }

        var (type, media) = content.FirstOrDefault(
            each => answer.Header("Content-Type")?.StartsWith(each.Key, StringComparison.Ordinal) is true);
        Assert.True(type is not null, $"{exchange} is {answer.Header("Content-Type")}");
        if (!type.EndsWith("json", StringComparison.Ordinal) || media!["schema"]!["type"]?.GetValueKind() == JsonValueKind.String)
            return;
        using var body = JsonDocument.Parse(answer.Body);
        var result = Evaluate(_schemas.GetOrAdd(media["schema"]!, ToSchema), body.RootElement);
        Assert.True(result.IsValid, $"{exchange} is not as described: {string.Join("; ", Faults(result))}: {answer.Body}");
    }

    private JsonSchema ToSchema(JsonNode schema)
    {
        var whole = schema.DeepClone().AsObject();
        whole["$defs"] = _document["components"]!["schemas"]!.DeepClone();
        return JsonSchema.FromText(whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }

    // Nobody promises that several may use one schema at the same time.
    private static EvaluationResults Evaluate(JsonSchema schema, JsonElement body)
    {
        lock (schema)
            return schema.Evaluate(body, new EvaluationOptions { OutputFormat = OutputFormat.List });
    }

    private static IEnumerable<string> Faults(EvaluationResults results)
        => (results.Details ?? []).Where(detail => detail.Errors is not null)
            .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Value}"));

    private static Regex ToPattern(string path)
        => new($"^api{Regex.Replace(Regex.Escape(path), @"\\\{\w+}", "[^/]+")}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
