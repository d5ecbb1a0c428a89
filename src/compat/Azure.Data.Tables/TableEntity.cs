// The original says nothing about nulls, so neither does its stand-in.
#nullable disable

namespace Azure.Data.Tables;

/// <summary>A row without a class of its own: a dictionary of properties.</summary>
public sealed partial class TableEntity : ITableEntity
{
    internal const string ETagName = "odata.etag";

    private readonly Dictionary<string, object> _properties;

    public TableEntity()
        : this(null, null)
    {
    }

    public TableEntity(string partitionKey, string rowKey)
    {
        _properties = [];
        (PartitionKey, RowKey) = (partitionKey, rowKey);
    }

    public TableEntity(IDictionary<string, object> values) => _properties = values is null ? [] : new Dictionary<string, object>(values);

    public string PartitionKey
    {
        get => GetString(nameof(PartitionKey));
        set => _properties[nameof(PartitionKey)] = value;
    }

    public string RowKey
    {
        get => GetString(nameof(RowKey));
        set => _properties[nameof(RowKey)] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(nameof(Timestamp));
        set => _properties[nameof(Timestamp)] = value;
    }

    public ETag ETag
    {
        get => Get<string>(ETagName) is { } value ? new ETag(value) : default;
        set => _properties[ETagName] = value.ToString();
    }

    public string GetString(string key) => Get<string>(key);

    public BinaryData GetBinaryData(string key) => Get(key) switch
    {
        null => null,
        byte[] bytes => new BinaryData(bytes),
        BinaryData data => data,
        var other => throw Mismatch(key, other, typeof(BinaryData)),
    };

    public byte[] GetBinary(string key) => Get(key) switch
    {
        null => null,
        byte[] bytes => bytes,
        BinaryData data => data.ToArray(),
        var other => throw Mismatch(key, other, typeof(byte[])),
    };

    public bool? GetBoolean(string key) => Get<bool?>(key);

    public DateTime? GetDateTime(string key) => Get(key) switch
    {
        null => null,
        DateTime time => time,
        DateTimeOffset time => time.UtcDateTime,
        var other => throw Mismatch(key, other, typeof(DateTime)),
    };

    public DateTimeOffset? GetDateTimeOffset(string key) => Get(key) switch
    {
        null => null,
        DateTimeOffset time => time,
        DateTime time => new DateTimeOffset(time),
        var other => throw Mismatch(key, other, typeof(DateTimeOffset)),
    };

    public double? GetDouble(string key) => Get<double?>(key);

    public Guid? GetGuid(string key) => Get<Guid?>(key);

    public int? GetInt32(string key) => Get<int?>(key);

    public long? GetInt64(string key) => Get<long?>(key);

    private object Get(string key) => _properties.GetValueOrDefault(key);

    private T Get<T>(string key) => Get(key) switch
    {
        null => default,
        T value => value,
        var other => throw Mismatch(key, other, typeof(T)),
    };

    /// <summary>A property keeps its type; only numbers grow: an int into a long or a double.</summary>
    private void Set(string key, object value) => _properties[key] = (Get(key), value) switch
    {
        (null, _) or (_, null) or (int, long or double) => value,
        (long, int number) => (long)number,
        (double, int number) => (double)number,
        var (existing, given) when existing.GetType() == given.GetType() => given,
        var (existing, given)
            => throw new InvalidOperationException($"{key} is of type {existing.GetType()} and cannot become {given.GetType()}."),
    };

    private static InvalidOperationException Mismatch(string key, object value, Type wanted)
        => new($"Cannot return {key} as {Nullable.GetUnderlyingType(wanted) ?? wanted}: its value is of type {value.GetType()}.");
}
