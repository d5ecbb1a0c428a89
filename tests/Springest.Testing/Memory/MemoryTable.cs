namespace Springest.Testing.Memory;

/// <summary>The rows of a table, in order of their keys.</summary>
internal sealed class MemoryTable(string name)
{
    private static readonly Comparer<(string Partition, string Row)> _order = Comparer<(string Partition, string Row)>.Create(
        (one, other) =>
            string.CompareOrdinal(one.Partition, other.Partition) is not 0 and var order ? order : string.CompareOrdinal(one.Row, other.Row)
    );

    private readonly SortedList<(string Partition, string Row), TableRow> _rows = new(_order);

    public string Name => name;

    public TableRow? Find((string Partition, string Row) key) => _rows.GetValueOrDefault(key);

    public TableRow Put(TableRow row) => _rows[(row.PartitionKey, row.RowKey)] = row;

    public void Remove((string Partition, string Row) key) => _rows.Remove(key);

    public void Restore((string Partition, string Row) key, TableRow? row)
    {
        if (row is null)
            Remove(key);
        else
            Put(row);
    }

    /// <summary>The rows from a key on.</summary>
    public IEnumerable<TableRow> From((string Partition, string Row) key)
    {
        var (low, high) = (0, _rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _order.Compare(_rows.GetKeyAtIndex(middle), key) < 0 ? (middle + 1, high) : (low, middle);
        }

        for (var index = low; index < _rows.Count; index++)
            yield return _rows.GetValueAtIndex(index);
    }
}
