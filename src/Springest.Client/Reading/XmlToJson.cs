using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;

namespace Springest.Client.Reading;

/// <summary>
/// Turns an XML answer into the JSON that the API would have sent (docs/springest-api.md, section 3.1), so that there is one reader of
/// records. DTDs are refused; markup that is not the API's is taken for text (<see cref="LenientXml"/>).
/// </summary>
internal static partial class XmlToJson
{
    private const int MaxDepth = 64;

    private static readonly JsonWriterOptions s_relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CheckCharacters = false,
    };

    /// <exception cref="UnreadableException">It is not well formed, has a DTD, or is nested more than 64 deep.</exception>
    public static ReadOnlyMemory<byte> Convert(ReadOnlyMemory<byte> xml)
    {
        var json = new ArrayBufferWriter<byte>(xml.Length + 256);
        using var writer = new Utf8JsonWriter(json, s_relaxed);
        var text = LenientXml.Mend(WithoutDeclaration(xml));
        using var stream = new MemoryStream(text.Array!, text.Offset, text.Count, writable: false);
        try
        {
            using var reader = XmlReader.Create(stream, s_settings);
            reader.MoveToContent();
            WriteRoot(reader, writer);
            while (reader.Read())
            {
            }
        }
        catch (XmlException e)
        {
            throw new UnreadableException(
                text.AsSpan().IndexOf("<!DOCTYPE"u8) >= 0 ? "it has a DTD"
                    : $"it is not XML at line {e.LineNumber}, character {e.LinePosition}");
        }
        writer.Flush();
        return json.WrittenMemory;
    }

    /// <summary>The bytes are known to be UTF-8, whatever the declaration says.</summary>
    private static ReadOnlyMemory<byte> WithoutDeclaration(ReadOnlyMemory<byte> xml)
        => xml.Span.StartsWith("<?xml"u8) && xml.Span.IndexOf("?>"u8) is > 0 and var end ? xml[(end + 2)..] : xml;

    /// <summary>
    /// The root's name says nothing where it is one that every answer has; any other is the name of the list or record in it.
    /// </summary>
    private static void WriteRoot(XmlReader reader, Utf8JsonWriter writer)
    {
        if (reader.LocalName is "response" or "hash" or "objects" || reader.GetAttribute("type") == "array")
        {
            WriteValue(reader, writer);
            return;
        }
        writer.WriteStartObject();
        writer.WritePropertyName(reader.LocalName is "errors" ? "error" : reader.LocalName.Replace('-', '_'));
        WriteValue(reader, writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes the element that the reader stands on and leaves the reader on its end.</summary>
    private static void WriteValue(XmlReader reader, Utf8JsonWriter writer)
    {
        CheckDepth(reader);
        var type = reader.GetAttribute("type");
        if (reader.GetAttribute("nil") is "true" or "1")
        {
            SkipToEnd(reader);
            writer.WriteNullValue();
        }
        else if (type == "array")
            WriteArray(reader, writer);
        else
            WriteObjectOrText(reader, writer, type);
    }

    private static void WriteArray(XmlReader reader, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        if (!reader.IsEmptyElement)
        {
            while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
            {
                if (reader.NodeType == XmlNodeType.Element)
                    WriteValue(reader, writer);
            }
        }
        writer.WriteEndArray();
    }

    private static void WriteObjectOrText(XmlReader reader, Utf8JsonWriter writer, string? type)
    {
        var text = "";
        StringBuilder? pieces = null;
        var isObject = false;
        if (!reader.IsEmptyElement)
        {
            while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
            {
                if (reader.NodeType != XmlNodeType.Element)
                {
                    // Nearly always there is one piece.
                    if (text.Length == 0)
                        text = reader.Value;
                    else
                        (pieces ??= new StringBuilder(text)).Append(reader.Value);
                    continue;
                }
                if (!isObject)
                    writer.WriteStartObject();
                isObject = true;
                writer.WritePropertyName(reader.LocalName.Replace('-', '_'));
                WriteValue(reader, writer);
            }
        }
        if (isObject)
            writer.WriteEndObject();
        else
            WriteText(writer, pieces?.ToString() ?? text, type);
    }

    /// <summary>The type is a hint only: text that does not fit it, such as a code with leading zeros, stays text.</summary>
    private static void WriteText(Utf8JsonWriter writer, string text, string? type)
    {
        if (type is "integer" or "float" or "boolean" && string.IsNullOrWhiteSpace(text))
            writer.WriteNullValue();
        else if (type is "integer" or "float" && JsonNumber().IsMatch(text))
            writer.WriteRawValue(text);
        else if (type == "boolean" && bool.TryParse(text, out var flag))
            writer.WriteBooleanValue(flag);
        else
            writer.WriteStringValue(text);
    }

    [GeneratedRegex(@"\A-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber();

    private static void CheckDepth(XmlReader reader)
    {
        if (reader.Depth > MaxDepth)
            throw new UnreadableException($"it is nested more than {MaxDepth} deep");
    }

    private static void SkipToEnd(XmlReader reader)
    {
        if (reader.IsEmptyElement)
            return;
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
            CheckDepth(reader);
    }
}
