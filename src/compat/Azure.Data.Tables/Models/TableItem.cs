namespace Azure.Data.Tables.Models;

/// <summary>A table as the service lists it.</summary>
public class TableItem(string name)
{
    public string Name { get; } = name;
}
