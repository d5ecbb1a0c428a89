using System.Globalization;
using System.Text.Json;

namespace Springest.Testing.Memory;

/// <summary>An entity, its properties as they came over the wire.</summary>
internal sealed record TableRow(
    string PartitionKey,
    string RowKey,
    string ETag,
    DateTimeOffset Timestamp,
    Dictionary<string, TableRow.Property> Properties)
{
    private const string TypeSuffix = "@odata.type";

    /// <summary>Reads the properties of an entity's JSON; nulls are none.</summary>
    public static Dictionary<string, Property> PropertiesOf(JsonElement json)
    {
        var properties = new Dictionary<string, Property>();
        foreach (var property in json.EnumerateObject())
        {
            if (
                property.Value.ValueKind == JsonValueKind.Null
                || property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal)
                || property.Name is "PartitionKey" or "RowKey" or "Timestamp"
                || property.Name.StartsWith("odata.", StringComparison.Ordinal))
                continue;
            var type = json.TryGetProperty(property.Name + TypeSuffix, out var name) ? name.GetString() : null;
            properties[property.Name] = new Property(type, property.Value);
        }

        return properties;
    }

    /// <summary>A property's value for comparison; null if there is none.</summary>
    public object? ValueOf(string name) => name switch
    {
        "PartitionKey" => PartitionKey,
        "RowKey" => RowKey,
        "Timestamp" => Timestamp.UtcDateTime,
        _ => Properties.TryGetValue(name, out var property) ? property.Read() : null,
    };

    public void WriteTo(Utf8JsonWriter json, IReadOnlySet<string>? select)
    {
        json.WriteStartObject();
        json.WriteString("odata.etag", ETag);
        WriteKey("PartitionKey", PartitionKey);
        WriteKey("RowKey", RowKey);
        WriteKey("Timestamp", Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        foreach (var (name, property) in Properties.Where(property => select?.Contains(property.Key) != false))
        {
            // The service names the type of a double only where JSON has no number for it, and writes whole ones with a fraction.
            var isNumber = property is { Type: "Edm.Double", Value.ValueKind: JsonValueKind.Number };
            if (property.Type is not null && !isNumber)
                json.WriteString(name + TypeSuffix, property.Type);
            json.WritePropertyName(name);
            if (isNumber && property.Value.GetRawText() is var digits && !digits.AsSpan().ContainsAny('.', 'e', 'E'))
                json.WriteRawValue(digits + ".0");
            else
                property.Value.WriteTo(json);
        }

        json.WriteEndObject();

        void WriteKey(string name, string value)
        {
            if (select?.Contains(name) != false)
                json.WriteString(name, value);
        }
    }

    /// <param name="Type">Such as <c>Edm.Int64</c>; null where JSON alone tells it.</param>
    internal readonly record struct Property(string? Type, JsonElement Value)
    {
        public bool IsTooLarge => Value.ValueKind == JsonValueKind.String
            && (Type == "Edm.Binary" ? Value.GetBytesFromBase64().Length > 64 * 1024 : Value.GetString()!.Length > 32 * 1024);

        public int Size => Value.ValueKind == JsonValueKind.String ? 2 * Value.GetString()!.Length : 8;

        public object Read() => (Type, Value.ValueKind) switch
        {
            ("Edm.Int64", _) => long.Parse(Value.GetString()!, CultureInfo.InvariantCulture),
            ("Edm.Double", JsonValueKind.String) => double.Parse(Value.GetString()!, CultureInfo.InvariantCulture),
            ("Edm.DateTime", _) => Value.GetDateTimeOffset().UtcDateTime,
            ("Edm.Guid", _) => Value.GetGuid(),
            ("Edm.Binary", _) => Convert.ToHexString(Value.GetBytesFromBase64()),
            (null, JsonValueKind.Number) => Value.GetInt64(),
            (_, JsonValueKind.Number) => Value.GetDouble(),
            (_, JsonValueKind.True or JsonValueKind.False) => Value.GetBoolean(),
            _ => Value.GetString()!,
        };
    }
}
