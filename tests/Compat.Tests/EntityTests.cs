using Azure;
using Azure.Data.Tables;

namespace Compat.Tests;

public sealed class EntityTests(StorageFixture storage)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_added_entity_is_read_as_it_was_written()
    {
        var table = await storage.NewTableAsync();
        var added = await table.AddEntityAsync(new TableEntity("p", "r") { ["Name"] = "Excel", ["Price"] = 12.5, ["Id"] = 5_000_000_000 }, Cancel);

        var read = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value;

        Assert.Equal(204, added.Status);
        Assert.Equal(added.Headers.ETag, read.ETag);
        Assert.Equal("Excel", read.GetString("Name"));
        Assert.Equal(12.5, read.GetDouble("Price"));
        Assert.Equal(5_000_000_000, read.GetInt64("Id"));
        Assert.NotNull(read.Timestamp);
    }

    [Fact]
    public async Task Every_kind_of_write_is_obeyed()
    {
        var table = await storage.NewTableAsync();
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["Name"] = "Excel" }, TableUpdateMode.Replace, Cancel);
        var e = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value;
        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["Other"] = 5 }, e.ETag, TableUpdateMode.Merge, Cancel);
        var stale = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(e, e.ETag, TableUpdateMode.Merge, Cancel));
        Assert.Equal((412, "UpdateConditionNotSatisfied"), (stale.Status, stale.ErrorCode));
        var r = await table.SubmitTransactionAsync(
            [new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r2") { ["a"] = 1 }), new(TableTransactionActionType.Add, new TableEntity("p", "r3"))], Cancel);
        Assert.Equal(2, r.Value.Count);
        Assert.NotNull(r.Value[0].Headers.ETag);
        var bad = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r4") { ["a"] = 1 }), new(TableTransactionActionType.Add, new TableEntity("p", "r3"))], Cancel));
        Assert.Equal((409, "EntityAlreadyExists", 1), (bad.Status, bad.ErrorCode, bad.FailedTransactionActionIndex));
        var all = await table.QueryAsync<TableEntity>(x => x.PartitionKey == "p", 2, null, Cancel).ToListAsync(Cancel);
        Assert.Equal(3, all.Count);
        Assert.Equal(404, (await table.DeleteEntityAsync("p", "nope", cancellationToken: Cancel)).Status);
        Assert.Equal(204, (await table.DeleteEntityAsync(e, cancellationToken: Cancel)).Status);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel)).HasValue);
        await table.CreateIfNotExistsAsync(Cancel);
        Assert.Equal(204, (await table.DeleteAsync(Cancel)).Status);
        Assert.Equal(404, (await table.DeleteAsync(Cancel)).Status);
    }
}
