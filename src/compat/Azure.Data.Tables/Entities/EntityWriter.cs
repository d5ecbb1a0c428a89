using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Entities;

/// <summary>
/// Writes entities as JSON, with a type beside each value that JSON alone would not tell. As in the original, all but ASCII is escaped,
/// which makes the body larger but keeps emulators from breaking a character that arrives in two chunks.
/// </summary>
internal static class EntityWriter
{
    public static RequestContent Write(ITableEntity entity)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (entity is IDictionary<string, object?> properties)
                WriteProperties(json, properties);
            else
                WriteProperties(json, entity);
            json.WriteEndObject();
        }

        return RequestContent.Create(buffer.WrittenMemory);
    }

    /// <summary>The service's form of an instant, always in UTC.</summary>
    public static string Format(DateTimeOffset time)
        => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    public static string Format(DateTime time) => time.Kind == DateTimeKind.Utc
        ? Format(new DateTimeOffset(time))
        : throw new NotSupportedException(
            $"DateTime {time:o} has a Kind of {time.Kind}. Tables hold UTC: convert it or use DateTime.SpecifyKind.");

    private static void WriteProperties(Utf8JsonWriter json, IDictionary<string, object?> properties)
    {
        foreach (var (name, value) in properties)
        {
            if (value is Enum)
                throw new NotSupportedException($"{name} is an enum, which only an entity's own class may have.");
            if (name is not (nameof(ITableEntity.Timestamp) or TableEntity.ETagName))
                Write(json, name, value);
        }
    }

    private static void WriteProperties(Utf8JsonWriter json, ITableEntity entity)
    {
        json.WriteString(nameof(entity.PartitionKey), entity.PartitionKey);
        json.WriteString(nameof(entity.RowKey), entity.RowKey);
        foreach (var property in EntityProperty.Of(entity.GetType()))
        {
            if (property.CanRead)
                Write(json, property.Name, property.Get(entity));
        }
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case string text:
                json.WriteString(name, text);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case double number:
                WriteDouble(json, name, number);
                break;
            case long number:
                WriteTyped(json, name, "Edm.Int64", number.ToString(CultureInfo.InvariantCulture));
                break;
            case Guid guid:
                WriteTyped(json, name, "Edm.Guid", guid.ToString());
                break;
            case DateTimeOffset time:
                WriteTyped(json, name, "Edm.DateTime", Format(time));
                break;
            case DateTime time:
                WriteTyped(json, name, "Edm.DateTime", Format(time));
                break;
            case byte[] bytes:
                WriteBinary(json, name, bytes);
                break;
            case BinaryData data:
                WriteBinary(json, name, data.ToMemory().Span);
                break;
            case Enum choice:
                json.WriteString(name, choice.ToString());
                break;
            default:
                throw new NotSupportedException($"{name} is of type {value.GetType()}, which tables do not have.");
        }
    }

    private static void WriteTyped(Utf8JsonWriter json, string name, string type, string value)
    {
        json.WriteString($"{name}@odata.type", type);
        json.WriteString(name, value);
    }

    private static void WriteDouble(Utf8JsonWriter json, string name, double number)
    {
        if (!double.IsFinite(number))
        {
            WriteTyped(json, name, "Edm.Double", number.ToString(CultureInfo.InvariantCulture));
            return;
        }

        json.WriteString($"{name}@odata.type", "Edm.Double");
        json.WriteNumber(name, number);
    }

    private static void WriteBinary(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        json.WriteString($"{name}@odata.type", "Edm.Binary");
        json.WriteBase64String(name, bytes);
    }
}
