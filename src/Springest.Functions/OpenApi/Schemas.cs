using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Springest.Functions.OpenApi;

/// <summary>Schemas of the types that addresses answer with, each once in the document.</summary>
internal sealed class Schemas(OpenApiDocument document, CodeComments comments)
{
    // As all answers are written: camelCase, enumerations by name. What may be null may be left out.
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public IOpenApiSchema For(Type type)
    {
        var name = NameOf(type);
        if (document.Components?.Schemas?.ContainsKey(name) is not true)
            document.AddComponent(name, Read(s_json.GetJsonSchemaAsNode(type, new()
            {
                TreatNullObliviousAsNonNullable = true,
                TransformSchemaNode = Complete,
            })));
        return new OpenApiSchemaReference(name, document);
    }

    private static string NameOf(Type type)
        => type.IsGenericType ? $"{type.Name.Split('`')[0]}Of{string.Concat(type.GetGenericArguments().Select(NameOf))}" : type.Name;

    private JsonNode Complete(JsonSchemaExporterContext context, JsonNode schema)
    {
        // What may be anything, such as a record as Springest sends it.
        if (schema is not JsonObject described)
            return new JsonObject();
        if (context.PropertyInfo is { AttributeProvider: System.Reflection.MemberInfo property }
            && comments.Of(property.DeclaringType!, property.Name) is { } sentence)
            described["description"] = sentence;
        if (context.TypeInfo.Kind != JsonTypeInfoKind.Object)
            return schema;
        described["additionalProperties"] = false;
        if (described["required"] is JsonArray required)
            described["required"] = new JsonArray(
                [.. required.Select(name => (string)name!).Where(name => !MayBeNull(described["properties"]![name]!))
                    .Select(name => (JsonNode)name)]);
        return schema;
    }

    private static bool MayBeNull(JsonNode schema)
        => schema is not JsonObject || schema["type"] is null
            || (schema["type"] is JsonArray types && types.Any(type => (string)type! == "null"));

    private OpenApiSchema Read(JsonNode schema)
        => OpenApiModelFactory.Parse<OpenApiSchema>(
            schema.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out _, OpenApiConstants.Json)!;
}
