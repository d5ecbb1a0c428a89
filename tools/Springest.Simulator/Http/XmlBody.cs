using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Springest.Simulator.Http;

/// <summary>
/// Request bodies in XML that mirror the JSON (docs/springest-api.md, section 3); dashes and underscores in names are the same.
/// </summary>
internal static class XmlBody
{
    // As deep as JSON may be.
    private const int MaxDepth = 64;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    // Around the fields of one record, these are part of the structure; any other root is not.
    private static readonly HashSet<string> Wrappers = ["users", "requests"];

    /// <exception cref="XmlException">It is no XML, or too deep.</exception>
    public static JsonObject Parse(string text)
    {
        CheckDepth(text);
        using var reader = XmlReader.Create(new StringReader(text), Settings);
        var root = XElement.Load(reader);
        var name = Name(root);
        var value = Value(root);
        if (Wrappers.Contains(name) || value is not JsonObject fields)
            return new JsonObject { [name] = value };
        return fields;
    }

    private static void CheckDepth(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), Settings);
        while (reader.Read())
        {
            if (reader.Depth > MaxDepth)
                throw new XmlException("The body is too deep.");
        }
    }

    private static JsonNode? Value(XElement element)
    {
        if (element.Attribute("nil")?.Value == "true")
            return null;
        var type = element.Attribute("type")?.Value;
        if (type == "array")
            return new JsonArray([.. element.Elements().Select(Value)]);
        if (element.HasElements)
            return Fields(element);
        return type switch
        {
            "boolean" => element.Value is "true" or "1",
            "integer" when long.TryParse(element.Value, out var number) => number,
            _ => element.Value,
        };
    }

    private static JsonObject Fields(XElement element)
        => new(element.Elements().GroupBy(Name).Select(field => KeyValuePair.Create(field.Key, Value(field.Last()))));

    private static string Name(XElement element) => element.Name.LocalName.Replace('-', '_');
}
