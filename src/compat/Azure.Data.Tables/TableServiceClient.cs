using Azure.Core;
namespace Azure.Data.Tables;
public class TableServiceClient { public TableServiceClient(string connectionString) { _ = connectionString; } public TableServiceClient(Uri endpoint, TokenCredential tokenCredential) { _ = (endpoint, tokenCredential); } public virtual TableClient GetTableClient(string tableName) => throw new NotImplementedException(); }
public class TableClient { public virtual Task CreateIfNotExistsAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException(); }
