using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Microsoft.AspNetCore.WebUtilities;

namespace Springest.Simulator.Http;

/// <summary>
/// Reads the fields of a write: a body of JSON, XML or a form, whichever it looks like, and below that the query
/// (docs/springest-api.md, section 3).
/// </summary>
internal static class BodyReader
{
    private const int MaxLength = 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="BadParameterException">The body cannot be read.</exception>
    public static async Task<JsonObject> BodyAsync(this Call call)
    {
        var fields = Parse(await ReadAsync(call));
        foreach (var (name, value) in call.Request.Query.Where(field => field.Key != "api_key" && !fields.ContainsKey(field.Key)))
            fields[name] = value.ToString();
        return fields;
    }

    private static async Task<string> ReadAsync(Call call)
    {
        using var reader = new StreamReader(call.Request.Body, Encoding.UTF8);
        var text = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadBlockAsync(buffer, call.Context.RequestAborted)) > 0)
        {
            if (text.Append(buffer, 0, read).Length > MaxLength)
                throw new BadParameterException("body", "is too large");
        }

        return text.ToString().Trim();
    }

    private static JsonObject Parse(string body)
    {
        try
        {
            return body.FirstOrDefault() switch
            {
                '\0' => [],
                '{' => JsonNode.Parse(body, documentOptions: Strict)!.AsObject(),
                '[' => new JsonObject { ["items"] = JsonNode.Parse(body, documentOptions: Strict) },
                '<' => XmlBody.Parse(body),
                _ => Form(body),
            };
        }
        catch (Exception broken) when (broken is JsonException or XmlException)
        {
            throw new BadParameterException("body", "cannot be read");
        }
    }

    // A field in brackets, such as requests[email], belongs to the object before them.
    private static JsonObject Form(string body)
    {
        var fields = new JsonObject();
        foreach (var (name, value) in QueryHelpers.ParseQuery(body))
        {
            if (name.IndexOf('[', StringComparison.Ordinal) is > 0 and var bracket && name.EndsWith(']'))
            {
                if ((fields[name[..bracket]] ??= new JsonObject()) is not JsonObject inner)
                    throw new BadParameterException(name[..bracket], "is both a value and an object");
                inner[name[(bracket + 1)..^1]] = value.ToString();
            }
            else if (fields[name] is null)
            {
                fields[name] = value.ToString();
            }
            else
            {
                throw new BadParameterException(name, "is both a value and an object");
            }
        }

        return fields;
    }
}
