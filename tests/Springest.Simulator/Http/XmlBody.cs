using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Springest.Simulator.Http;

/// <summary>Request bodies in XML that mirror the JSON (contract, section 3); dashes and underscores in names are the same.</summary>
internal static class XmlBody
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    // Around the fields of one record, these are part of the structure; any other root is not.
    private static readonly HashSet<string> Wrappers = ["users", "requests"];

    /// <exception cref="XmlException">It is no XML.</exception>
    public static JsonObject Parse(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), Settings);
        var root = XElement.Load(reader);
        var name = Name(root);
        var value = Value(root);
        if (Wrappers.Contains(name) || value is not JsonObject fields)
            return new JsonObject { [name] = value };
        return fields;
    }

    private static JsonNode? Value(XElement element)
    {
        if (element.Attribute("nil")?.Value == "true")
            return null;
        var type = element.Attribute("type")?.Value;
        if (type == "array")
            return new JsonArray([.. element.Elements().Select(Value)]);
        if (element.HasElements)
            return new JsonObject(element.Elements().GroupBy(Name).Select(field => KeyValuePair.Create(field.Key, Value(field.Last()))));
        return type switch
        {
            "boolean" => element.Value is "true" or "1",
            "integer" when long.TryParse(element.Value, out var number) => number,
            _ => element.Value,
        };
    }

    private static string Name(XElement element) => element.Name.LocalName.Replace('-', '_');
}
