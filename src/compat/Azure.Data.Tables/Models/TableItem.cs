using System.Runtime.Serialization;

namespace Azure.Data.Tables.Models;

/// <summary>A table as the service lists it.</summary>
public class TableItem(string name)
{
    [DataMember(Name = "TableName")]
    public string Name { get; } = name;
}
