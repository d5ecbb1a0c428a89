namespace Azure.Data.Tables;

/// <summary>One write of a transaction.</summary>
public class TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity, ETag etag = default)
{
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity)
        : this(actionType, entity, default)
    {
    }

    public TableTransactionActionType ActionType { get; } = actionType;

    public ITableEntity Entity { get; } = entity;

    /// <summary>The condition of an update or delete; default means any version.</summary>
    public ETag ETag { get; } = etag;
}
