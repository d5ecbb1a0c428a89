using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Springest.Client.Json;

namespace Springest.Client.Http;

/// <summary>
/// The messages in the body of an error (docs/springest-api.md, section 6): an object of arrays, an object of texts, a text, or a text that
/// lists faults of named fields. A body of any other kind holds none.
/// </summary>
internal static partial class ErrorBody
{
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Parse(string body)
    {
        var errors = new Dictionary<string, List<string>>();
        body = body.TrimStart('\uFEFF').TrimStart();
        try
        {
            using var document = JsonDocument.Parse(
                body.StartsWith('<') ? XmlToJson.Convert(Encoding.UTF8.GetBytes(body)) : Encoding.UTF8.GetBytes(body));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                AddFrom(document.RootElement, errors);
        }
        catch (Exception e) when (e is JsonException or XmlException or InvalidOperationException)
        {
            // HTML, a proxy's word, nothing at all: the excerpt shows it.
        }
        return errors.ToDictionary(field => field.Key, IReadOnlyList<string> (field) => field.Value);
    }

    /// <summary>
    /// The names of the fields that are at fault, for a sentence. The server's words stay out of it: sentences get into logs and traces,
    /// and the words may repeat who it was told about.
    /// </summary>
    public static string Describe(IReadOnlyDictionary<string, IReadOnlyList<string>> errors)
        => errors.Keys.Where(field => FieldName().IsMatch(field)).ToList() is { Count: > 0 } fields
            ? $" and names {string.Join(", ", fields)}"
            : "";

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,39}\z")]
    private static partial Regex FieldName();

    private static void AddFrom(JsonElement root, Dictionary<string, List<string>> errors)
    {
        foreach (var name in new[] { "error", "errors", "message" })
        {
            if (root.TryGetProperty(name, out var error))
                AddError(error, errors);
        }
    }

    private static void AddError(JsonElement error, Dictionary<string, List<string>> errors)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            foreach (var text in Texts(error))
                AddText(text, errors);
            return;
        }
        foreach (var field in error.EnumerateObject())
        {
            // XML wraps a text that names no field in <message>.
            if (field.NameEquals("message") && field.Value.ValueKind == JsonValueKind.String)
                AddText(field.Value.GetString()!, errors);
            else
                foreach (var text in Texts(field.Value))
                    Add(field.Name, text, errors);
        }
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Null => [],
        _ => [value.GetRawText()],
    };

    /// <summary><c>requests[email] ontbreekt, requests[first_name] ontbreekt</c> names fields; any other text none.</summary>
    private static void AddText(string text, Dictionary<string, List<string>> errors)
    {
        var parts = FieldFault().Matches(text);
        if (parts.Count == 0 || parts[0].Index != 0)
        {
            Add("", text, errors);
            return;
        }
        foreach (Match part in parts)
            Add(part.Groups["field"].Value, part.Groups["fault"].Value, errors);
    }

    private static void Add(string field, string text, Dictionary<string, List<string>> errors)
    {
        if (!errors.TryGetValue(field, out var texts))
            errors[field] = texts = [];
        texts.Add(text);
    }

    [GeneratedRegex(@"\w+\[(?<field>\w+)\] (?<fault>.*?)(?:, (?=\w+\[\w+\] )|$)", RegexOptions.Singleline)]
    private static partial Regex FieldFault();
}
