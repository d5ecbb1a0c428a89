using System.Text.Json;

namespace Springest.Client.Reading;

/// <summary>What the answer to a write says of what was written (docs/springest-api.md, section 6).</summary>
/// <param name="Records">What was written, as objects or bare ids; empty if the answer does not say.</param>
/// <param name="HasErrors">True if the answer speaks of errors.</param>
/// <param name="IsReadable">False if the body is neither blank nor in a format of the API's.</param>
internal sealed record WriteAnswer(IReadOnlyList<JsonElement> Records, bool HasErrors, bool IsReadable)
{
    public IReadOnlyList<long> Ids => [.. Records.Select(IdOf).OfType<long>()];

    /// <param name="answer">The answer, whose body may be anything.</param>
    /// <param name="names">Under which the records stand if not by themselves. No other object in the answer counts.</param>
    /// <param name="mark">The field without which it is no such record.</param>
    public static WriteAnswer Read(Answer answer, IReadOnlyList<string> names, string mark)
    {
        try
        {
            return ListReader.Read(answer, json =>
            {
                var root = JsonElement.Parse(json.Span);
                return new WriteAnswer([.. Find(root, names, mark)], ErrorBody.SaysSomething(root, names), IsReadable: true);
            });
        }
        catch (UnreadableException)
        {
            return new WriteAnswer([], HasErrors: false, IsReadable: !answer.Body.Span.ContainsAnyExcept(" \t\r\n"u8));
        }
    }

    private static IEnumerable<JsonElement> Find(JsonElement value, IReadOnlyList<string> names, string mark) => value.ValueKind switch
    {
        JsonValueKind.Number or JsonValueKind.String when mark == "id" => IdOf(value) is null ? [] : [value],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Find(item, names, mark)),
        JsonValueKind.Object when HasMark(value, mark) => [value],
        JsonValueKind.Object => value.EnumerateObject().Where(field => names.Contains(field.Name))
            .SelectMany(field => Find(field.Value, names, mark)),
        _ => [],
    };

    private static bool HasMark(JsonElement value, string mark) => mark == "id"
        ? IdOf(value) is not null
        : value.TryGetProperty(mark, out var own) && own.ValueKind == JsonValueKind.String && !SpringestValue.IsNothing(own);

    private static long? IdOf(JsonElement value)
    {
        var id = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("id", out var own) ? own : value;
        return SpringestValue.Read<long>(id) is > 0 and var number ? number : null;
    }
}
