using System.Runtime.InteropServices;
using System.Text.Json;

namespace Springest.Client.Reading;

/// <summary>Answers that are one value and no list of records.</summary>
internal static class WholeReader
{
    /// <exception cref="UnreadableException">It is no such answer.</exception>
    public static ILookup<string, Suggestion> ReadSuggestions(Answer answer) => ListReader.Read(answer, json =>
    {
        var root = Root(json);
        var groups = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("results", out var results) ? results : root;
        if (groups.ValueKind != JsonValueKind.Object)
        {
            return SpringestValue.IsNothing(groups) || (groups.ValueKind == JsonValueKind.Array && groups.GetArrayLength() == 0)
                ? Enumerable.Empty<(string Key, Suggestion Value)>().ToLookup(pair => pair.Key, pair => pair.Value)
                : throw new UnreadableException("it holds no 'results'");
        }
        return groups.EnumerateObject()
            .SelectMany(group => SpringestValue.Items(group.Value).Select(item => (Group: group.Name, Item: item)))
            .ToLookup(pair => pair.Group, pair => SpringestRecord.FromJson<Suggestion>(JsonMarshal.GetRawUtf8Value(pair.Item)));
    });

    /// <exception cref="UnreadableException">It is no such answer.</exception>
    public static OEmbed ReadOEmbed(Answer answer) => ListReader.Read(answer, json =>
    {
        var root = Root(json);
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("oembed", out var inner))
            root = inner;
        return root.ValueKind == JsonValueKind.Object
            ? SpringestRecord.FromJson<OEmbed>(JsonMarshal.GetRawUtf8Value(root))
            : throw new UnreadableException("it is not an object");
    });

    private static JsonElement Root(ReadOnlyMemory<byte> json)
    {
        var root = JsonElement.Parse(json.Span);
        return ErrorBody.SaysSomething(root, []) ? throw new UnreadableException("it holds an error") : root;
    }
}
