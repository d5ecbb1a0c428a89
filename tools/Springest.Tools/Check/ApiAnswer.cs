using System.Net;
using System.Text.Json;

namespace Springest.Tools.Check;

/// <summary>One answer of the API, as far as the check looks at it.</summary>
/// <param name="Request">Method, path and names of parameters: nothing that names anybody.</param>
/// <param name="Status">The status.</param>
/// <param name="ContentType">The content type as sent.</param>
/// <param name="Headers">The names of all headers.</param>
/// <param name="Text">The body.</param>
internal sealed record ApiAnswer(string Request, HttpStatusCode Status, string ContentType, IReadOnlyList<string> Headers, string Text)
{
    private readonly JsonElement _json = Parse(Text);

    public bool IsOk => Status == HttpStatusCode.OK;

    public JsonElement Json => _json;

    public JsonElement Meta => Field(_json, "meta");

    /// <summary>The records under a name, or of a bare array.</summary>
    public IReadOnlyList<JsonElement> Items(string list)
        => [.. Springest.Client.SpringestValue.Items(_json.ValueKind == JsonValueKind.Array ? _json : Field(_json, list))];

    public long? Total(string name)
        => Field(Meta, name) is { ValueKind: JsonValueKind.Number } total && total.TryGetInt64(out var number) ? number : null;

    /// <summary>A field, or nothing (<see cref="JsonValueKind.Undefined"/>).</summary>
    public static JsonElement Field(JsonElement value, string name)
        => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var field) ? field : default;

    /// <summary>Names and types of the fields, to the depth that matters, without any value.</summary>
    public static string Shape(JsonElement value, int depth = 3)
        => value.ValueKind switch
        {
            JsonValueKind.Object when depth > 0 =>
                "{"
                    + string.Join(
                        ", ",
                        value.EnumerateObject().Take(60).Select(field => $"{Name(field.Name)}: {Shape(field.Value, depth - 1)}"))
                    + "}",
            JsonValueKind.Array when depth > 0 => value.GetArrayLength() == 0
                ? "[]"
                : $"[{Shape(value[0], depth - 1)} x {value.GetArrayLength()}]",
            JsonValueKind.Undefined => "not JSON",
            var kind => kind.ToString().ToLowerInvariant(),
        };

    // A name that is data, such as somebody's, is none of the API's.
    private static string Name(string name)
        => name.Length <= 40 && name.All(letter => char.IsAsciiLetterLower(letter) || letter == '_') ? name : "(other)";

    private static JsonElement Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
