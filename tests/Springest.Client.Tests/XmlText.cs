using System.Security;
using System.Text;
using System.Text.Json;

namespace Springest.Client.Tests;

/// <summary>JSON as the XML that says the same (docs/springest-api.md, section 3.1), with and without hints of types.</summary>
internal static class XmlText
{
    public static string Of(string json, Random random)
    {
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder(random.Next(2) == 0 ? "<?xml version=\"1.0\"?>" : "");
        Write(text, document.RootElement.ValueKind == JsonValueKind.Array ? "trainings" : "response", document.RootElement, random);
        return text.ToString();
    }

    private static void Write(StringBuilder text, string name, JsonElement value, Random random)
    {
        var element = char.IsAsciiDigit(name[0]) ? "item" : name.Replace('_', '-');
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append($"<{element}>");
                foreach (var field in value.EnumerateObject())
                    Write(text, field.Name, field.Value, random);
                text.Append($"</{element}>");
                break;
            case JsonValueKind.Array:
                text.Append($"<{element} type=\"array\">");
                foreach (var item in value.EnumerateArray())
                    Write(text, "item", item, random);
                text.Append($"</{element}>");
                break;
            case JsonValueKind.Null:
                text.Append(random.Next(2) == 0 ? $"<{element} nil=\"true\"/>" : $"<{element}/>");
                break;
            default:
                var type = value.ValueKind == JsonValueKind.Number && random.Next(2) == 0 ? " type=\"integer\"" : "";
                text.Append($"<{element}{type}>{SecurityElement.Escape(TextOf(value))}</{element}>");
                break;
        }
    }

    private static string TextOf(JsonElement value)
        => value.ValueKind == JsonValueKind.String && !value.GetRawText().Contains("\\ud", StringComparison.Ordinal) ? value.GetString()!
            : value.GetRawText();
}
