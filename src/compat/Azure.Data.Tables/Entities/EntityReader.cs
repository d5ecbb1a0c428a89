using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Entities;

/// <summary>Reads the service's JSON into <see cref="TableEntity"/> or into an entity's own class.</summary>
internal static class EntityReader
{
    private const string TypeSuffix = "@odata.type";

    public static T Read<T>(JsonElement json)
        where T : class, ITableEntity
    {
        if (typeof(T) == typeof(TableEntity))
            return (T)(ITableEntity)ReadDictionary(json);

        var entity = Activator.CreateInstance<T>();
        ReadSystemProperties(json, entity);
        foreach (var property in EntityProperty.Of(typeof(T)))
        {
            if (property.CanWrite && json.TryGetProperty(property.Name, out var value) && Convert(value, property.Type) is { } converted)
                property.Set(entity, converted);
        }

        return entity;
    }

    // A query that selects other properties leaves some of these out.
    private static void ReadSystemProperties(JsonElement json, ITableEntity entity)
    {
        if (json.TryGetProperty(nameof(entity.PartitionKey), out var partitionKey))
            entity.PartitionKey = partitionKey.GetString()!;
        if (json.TryGetProperty(nameof(entity.RowKey), out var rowKey))
            entity.RowKey = rowKey.GetString()!;
        if (json.TryGetProperty(nameof(entity.Timestamp), out var timestamp))
            entity.Timestamp = timestamp.GetDateTimeOffset();
        if (json.TryGetProperty(TableEntity.ETagName, out var etag))
            entity.ETag = new ETag(etag.GetString()!);
    }

    private static TableEntity ReadDictionary(JsonElement json)
    {
        var entity = new TableEntity();
        Dictionary<string, string>? types = null;
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal))
                (types ??= [])[property.Name[..^TypeSuffix.Length]] = property.Value.GetString()!;
        }

        foreach (var property in json.EnumerateObject())
        {
            if (property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal) || property.Name == "odata.metadata")
                continue;
            // The service does not say the type of its own column.
            var type = property.Name == nameof(ITableEntity.Timestamp) ? "Edm.DateTime" : types?.GetValueOrDefault(property.Name);
            entity[property.Name] = Convert(property.Value, type);
        }

        return entity;
    }

    private static object? Convert(JsonElement value, string? edm) => (value.ValueKind, edm) switch
    {
        (JsonValueKind.Null, _) => null,
        (_, "Edm.Int64") => Convert(value, typeof(long)),
        (_, "Edm.Double") => Convert(value, typeof(double)),
        (_, "Edm.DateTime") => Convert(value, typeof(DateTimeOffset)),
        (_, "Edm.Guid") => Convert(value, typeof(Guid)),
        (_, "Edm.Binary") => Convert(value, typeof(byte[])),
        (JsonValueKind.String, _) => value.GetString(),
        (JsonValueKind.Number, _) => value.TryGetInt32(out var number) ? (object)number : value.GetDouble(),
        (JsonValueKind.True or JsonValueKind.False, _) => value.GetBoolean(),
        _ => throw new NotSupportedException($"The service sent a value of type {edm ?? value.ValueKind.ToString()}."),
    };

    private static object? Convert(JsonElement value, Type type) => type switch
    {
        _ when value.ValueKind == JsonValueKind.Null => null,
        _ when type == typeof(string) => value.GetString(),
        _ when type == typeof(int) => value.GetInt32(),
        _ when type == typeof(long) => value.ValueKind == JsonValueKind.Number
            ? value.GetInt64()
            : long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        _ when type == typeof(double) => value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : double.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        _ when type == typeof(bool) => value.GetBoolean(),
        _ when type == typeof(Guid) => value.GetGuid(),
        _ when type == typeof(DateTimeOffset) => value.GetDateTimeOffset(),
        _ when type == typeof(DateTime) => value.GetDateTimeOffset().UtcDateTime,
        _ when type == typeof(byte[]) => value.GetBytesFromBase64(),
        _ when type == typeof(BinaryData) => new BinaryData(value.GetBytesFromBase64()),
        _ when type.IsEnum => Enum.Parse(type, value.GetString()!),
        _ => throw new NotSupportedException($"Tables have no type for {type}."),
    };
}
