using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Springest.Client.Reading;

/// <summary>
/// The messages in the body of an error (docs/springest-api.md, section 6): an object of arrays, an object of texts, a text, or a text that
/// lists faults of named fields; with or without the wrapper <c>error</c>, as pairs, as a list of objects, or as plain text.
/// </summary>
internal static partial class ErrorBody
{
    private static readonly string[] s_wrappers = ["error", "errors", "message"];
    private static readonly string[] s_fieldNames = ["field", "attribute", "param", "name"];
    private static readonly string[] s_messageNames = ["message", "messages", "detail", "title"];

    /// <param name="text">The body, without keys.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Parse(string text)
    {
        var errors = new Dictionary<string, List<string>>();
        var utf8 = Encoding.UTF8.GetBytes(text.Trim());
        try
        {
            var isXml = ResponseText.IsMarkup(utf8) && !ResponseText.IsHtml(utf8);
            AddRoot(JsonElement.Parse(isXml ? XmlToJson.Convert(utf8).Span : utf8), errors);
        }
        catch (Exception e) when (e is JsonException or UnreadableException or InvalidOperationException)
        {
            // A proxy's word. Of anything else that is broken, only the excerpt shows what it was.
            if (utf8 is [not ((byte)'{' or (byte)'[' or (byte)'<' or (byte)'"'), ..])
                AddText(text.Trim(), errors);
        }
        return errors.ToDictionary(field => field.Key, IReadOnlyList<string> (field) => field.Value);
    }

    /// <summary>True if an answer of success speaks of errors, beside its records or in them.</summary>
    public static bool SaysSomething(JsonElement root, IReadOnlyList<string> names) => root.ValueKind switch
    {
        JsonValueKind.Array => root.EnumerateArray().Any(item => SaysSomething(item, names)),
        JsonValueKind.Object => root.EnumerateObject().Any(field => field.Name is "error" or "errors"
            ? HoldsText(field.Value)
            : names.Contains(field.Name) && SaysSomething(field.Value, names)),
        _ => false,
    };

    /// <summary>
    /// The names of the fields that are at fault, for a sentence. The server's words stay out of it: sentences get into logs and traces,
    /// and the words may repeat who it was told about.
    /// </summary>
    public static string Describe(IReadOnlyDictionary<string, IReadOnlyList<string>> errors)
        => errors.Keys.Where(field => FieldName().IsMatch(field)).ToList() is { Count: > 0 } fields
            ? $" and names {string.Join(", ", fields)}"
            : "";

    private static void AddRoot(JsonElement root, Dictionary<string, List<string>> errors)
    {
        var wrapped = false;
        if (root.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in s_wrappers)
            {
                if (root.TryGetProperty(name, out var error))
                {
                    wrapped = true;
                    AddError(error, errors);
                }
            }
        }
        if (!wrapped)
            AddError(root, errors);
    }

    private static void AddError(JsonElement error, Dictionary<string, List<string>> errors)
    {
        switch (error.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in error.EnumerateArray())
                {
                    if (IsPair(item))
                        AddField(item[0].GetString()!, item[1], errors);
                    else
                        AddError(item, errors);
                }
                break;
            case JsonValueKind.Object when First(error, s_fieldNames) is { } field && First(error, s_messageNames) is { } message
                && IsFieldName(field):
                AddField(field.GetString()!, message, errors);
                break;
            case JsonValueKind.Object:
                // XML wraps a text that names no field in <message>.
                foreach (var field in error.EnumerateObject())
                {
                    var isText = field.NameEquals("message") && field.Value.ValueKind == JsonValueKind.String;
                    AddField(isText ? "" : field.Name, field.Value, errors);
                }
                break;
            default:
                AddField("", error, errors);
                break;
        }
    }

    /// <summary><c>["email", "is invalid"]</c></summary>
    private static bool IsPair(JsonElement error)
        => error.ValueKind == JsonValueKind.Array && error.GetArrayLength() == 2 && IsFieldName(error[0]);

    private static bool IsFieldName(JsonElement value)
        => value.ValueKind == JsonValueKind.String && FieldName().IsMatch(value.GetString()!);

    private static JsonElement? First(JsonElement error, string[] names)
        => names.Select(name => error.TryGetProperty(name, out var value) ? value : (JsonElement?)null)
            .FirstOrDefault(value => value is not null);

    private static void AddField(string field, JsonElement value, Dictionary<string, List<string>> errors)
    {
        foreach (var text in Texts(value))
        {
            if (field.Length > 0)
                Add(field, text, errors);
            else
                AddText(text, errors);
        }
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Null => [],
        _ => [value.GetRawText()],
    };

    private static bool HoldsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Any(HoldsText),
        JsonValueKind.Object => value.EnumerateObject().Any(field => HoldsText(field.Value)),
        JsonValueKind.False => false,
        _ => !SpringestValue.IsNothing(value),
    };

    /// <summary><c>requests[email] ontbreekt, requests[first_name] ontbreekt</c> names fields; any other text none.</summary>
    private static void AddText(string text, Dictionary<string, List<string>> errors)
    {
        var parts = FieldFault().Matches(text);
        if (parts.Count == 0 || parts[0].Index != 0)
        {
            if (text.Length > 0)
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

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,39}\z")]
    private static partial Regex FieldName();

    [GeneratedRegex(@"\w+\[(?<field>\w+)\] (?<fault>.*?)(?:, (?=\w+\[\w+\] )|$)", RegexOptions.Singleline)]
    private static partial Regex FieldFault();
}
