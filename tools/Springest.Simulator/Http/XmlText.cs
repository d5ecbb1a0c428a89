using System.Text;
using System.Text.Json;
using System.Xml;
using Springest.Simulator.Behaviours;

namespace Springest.Simulator.Http;

/// <summary>Answers as XML, made from their JSON (docs/springest-api.md, section 3.1).</summary>
internal static class XmlText
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineHandling = NewLineHandling.Entitize,
        CheckCharacters = false,
    };

    // These keep their underscore, and are written without a type.
    private static readonly HashSet<string> Exceptions = ["base_price", "base_vat_amount"];

    private static readonly HashSet<string> Decimals =
        ["original_price", "discount_percentage", "vat_rate", "vat_amount", "original_vat_amount", "amount"];

    private static readonly HashSet<string> Dates = ["date", "end_date", "valid_from", "valid_until"];

    public static ReadOnlyMemory<byte> From(Reply reply, Behaviour behaviour)
    {
        using var json = JsonDocument.Parse(reply.Json);
        var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, Settings))
        {
            if (reply.IsError)
                WriteError(writer, json.RootElement.GetProperty("error"), behaviour.XmlErrorRoot);
            else
                WriteRoot(writer, json.RootElement);
        }

        return stream.GetBuffer().AsMemory(0, (int)stream.Length);
    }

    private static void WriteRoot(XmlWriter writer, JsonElement root)
    {
        writer.WriteStartElement("response");
        if (root.ValueKind == JsonValueKind.Array)
            WriteItems(writer, "item", root);
        else
            WriteFields(writer, root);
        writer.WriteEndElement();
    }

    private static void WriteError(XmlWriter writer, JsonElement error, XmlErrorRoot root)
    {
        if (root == XmlErrorRoot.Error)
        {
            writer.WriteStartElement("error");
            if (error.ValueKind == JsonValueKind.Object)
                WriteFields(writer, error);
            else
                writer.WriteElementString("message", error.GetString());
        }
        else
        {
            writer.WriteStartElement(root == XmlErrorRoot.Response ? "response" : "hash");
            WriteValue(writer, "error", error);
        }

        writer.WriteEndElement();
    }

    private static void WriteFields(XmlWriter writer, JsonElement record)
    {
        foreach (var field in record.EnumerateObject())
            WriteValue(writer, field.Name, field.Value);
    }

    private static void WriteValue(XmlWriter writer, string name, JsonElement value)
    {
        writer.WriteStartElement(ElementName(name));
        if (TypeOf(name, value) is { } type)
            writer.WriteAttributeString("type", type);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteFields(writer, value);
                break;
            case JsonValueKind.Array:
                WriteItems(writer, Singular(name), value);
                break;
            case JsonValueKind.Null:
                writer.WriteAttributeString("nil", "true");
                break;
            default:
                var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
                if (text.Length > 0)
                    writer.WriteString(text);
                break;
        }

        writer.WriteEndElement();
    }

    private static void WriteItems(XmlWriter writer, string name, JsonElement items)
    {
        foreach (var item in items.EnumerateArray())
            WriteValue(writer, name, item);
    }

    private static string? TypeOf(string name, JsonElement value) => value.ValueKind switch
    {
        _ when Exceptions.Contains(name) => null,
        JsonValueKind.Array => "array",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.GetRawText().Contains('.', StringComparison.Ordinal) ? "float" : "integer",
        JsonValueKind.String when Decimals.Contains(name) => "decimal",
        JsonValueKind.String when Dates.Contains(name) => "date",
        _ => null,
    };

    private static string ElementName(string name) => XmlConvert.EncodeLocalName(Exceptions.Contains(name) ? name : name.Replace('_', '-'));

    private static string Singular(string name) => name switch
    {
        _ when name.EndsWith("ies", StringComparison.Ordinal) => name[..^3] + "y",
        _ when name.EndsWith('s') => name[..^1],
        _ => name,
    };
}
