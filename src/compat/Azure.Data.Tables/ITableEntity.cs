namespace Azure.Data.Tables;

/// <summary>What every row has: its keys, and what the service says of its last write.</summary>
public interface ITableEntity
{
    string PartitionKey { get; set; }

    string RowKey { get; set; }

    DateTimeOffset? Timestamp { get; set; }

    ETag ETag { get; set; }
}
