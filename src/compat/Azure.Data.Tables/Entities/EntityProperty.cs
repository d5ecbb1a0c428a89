using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Serialization;

namespace Azure.Data.Tables.Entities;

/// <summary>
/// A property of an entity's class, under the name that it has in the table. Those of <see cref="ITableEntity"/> are not among them.
/// </summary>
internal sealed class EntityProperty(PropertyInfo property)
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<EntityProperty>> _known = new();

    public string Name { get; } = NameOf(property);

    public Type Type { get; } = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    public bool CanRead => property.GetMethod is { IsPublic: true };

    public bool CanWrite => property.SetMethod is { IsPublic: true };

    public static IReadOnlyList<EntityProperty> Of(Type type) => _known.GetOrAdd(type, Find);

    public static string NameOf(MemberInfo member) => member.GetCustomAttribute<DataMemberAttribute>()?.Name ?? member.Name;

    public object? Get(object entity) => property.GetValue(entity);

    public void Set(object entity, object? value) => property.SetValue(entity, value);

    private static EntityProperty[] Find(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Where(property => property.GetCustomAttribute<IgnoreDataMemberAttribute>() is null)
            .Where(property => property.Name is not (nameof(ITableEntity.PartitionKey) or nameof(ITableEntity.RowKey)
                or nameof(ITableEntity.Timestamp) or nameof(ITableEntity.ETag)))
            .Select(property => new EntityProperty(property)),
    ];
}
