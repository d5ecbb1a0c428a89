using Azure;
using Azure.Data.Tables;

namespace Springest.Testing.Tests.Tables;

public class TransactionTests(StorageFixture storage)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_of_action_is_done_and_answered_in_order()
    {
        var table = await storage.NewTableAsync();
        foreach (var row in (string[])["merge", "replace", "upsertMerge", "delete"])
            await table.AddEntityAsync(new TableEntity("p", row) { ["Old"] = 1 }, Cancel);

        var answer = await table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, Row("add")),
                new(TableTransactionActionType.UpdateMerge, Row("merge"), ETag.All),
                new(TableTransactionActionType.UpdateReplace, Row("replace"), ETag.All),
                new(TableTransactionActionType.Delete, Row("delete")),
                new(TableTransactionActionType.UpsertMerge, Row("upsertMerge")),
                new(TableTransactionActionType.UpsertReplace, Row("upsertReplace")),
            ],
            Cancel);

        var rows = (await table.ListAsync()).ToDictionary(row => row.RowKey);
        Assert.Equal(202, answer.GetRawResponse().Status);
        Assert.Equal(Enumerable.Repeat(204, 6), answer.Value.Select(part => part.Status));
        Assert.Equal(["add", "merge", "replace", "upsertMerge", "upsertReplace"], rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows.Values, row => Assert.Equal("naïve ☃\r\n--", row.GetString("New")));
        Assert.Equal(["merge", "upsertMerge"], rows.Keys.Where(key => rows[key].ContainsKey("Old")).Order(StringComparer.Ordinal));
        Assert.Equal(rows["add"].ETag, answer.Value[0].Headers.ETag);

        static TableEntity Row(string key) => new("p", key) { ["New"] = "naïve ☃\r\n--" };
    }

    [Fact]
    public async Task A_failing_action_is_named_and_nothing_is_written()
    {
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "there"), Cancel);

        var failed = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, new TableEntity("p", "0")),
                new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "1")),
                new(TableTransactionActionType.Add, new TableEntity("p", "there")),
                new(TableTransactionActionType.Add, new TableEntity("p", "3")),
            ],
            Cancel));

        Assert.Equal((409, "EntityAlreadyExists", 2), (failed.Status, failed.ErrorCode, failed.FailedTransactionActionIndex));
        Assert.Equal("there", (await table.QueryAsync<TableEntity>(cancellationToken: Cancel).SingleAsync(Cancel)).RowKey);
    }

    [Fact]
    public async Task Updating_or_deleting_what_is_missing_fails_the_whole()
    {
        var table = await storage.NewTableAsync();

        foreach (var type in (TableTransactionActionType[])[TableTransactionActionType.UpdateReplace, TableTransactionActionType.Delete])
        {
            var failed = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
                [new(TableTransactionActionType.Add, new TableEntity("p", "0")), new(type, new TableEntity("p", "1"), ETag.All)], Cancel));

            Assert.Equal((404, "ResourceNotFound", 1), (failed.Status, failed.ErrorCode, failed.FailedTransactionActionIndex));
        }

        Assert.Empty(await table.ListAsync());
    }

    [Fact]
    public async Task A_hundred_is_the_most()
    {
        var table = await storage.NewTableAsync();

        var full = await table.SubmitTransactionAsync(Adds(100), Cancel);
        // Of what type is another matter: Microsoft's client cannot read Azurite's answer to this.
        await Assert.ThrowsAnyAsync<Exception>(() => table.SubmitTransactionAsync(Adds(101), Cancel));

        Assert.Equal((100, 100), (full.Value.Count, (await table.ListAsync()).Count));

        static IEnumerable<TableTransactionAction> Adds(int count) => Enumerable.Range(0, count)
            .Select(number => new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity("p", $"{number}")));
    }

    [Fact]
    public async Task The_same_entity_twice_is_refused()
    {
        var table = await storage.NewTableAsync();

        var failed = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "0")),
                new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "0")),
            ],
            Cancel));

        Assert.Equal((400, "InvalidDuplicateRow"), (failed.Status, failed.ErrorCode));
        Assert.Empty(await table.ListAsync());
    }

    [Fact]
    public async Task An_empty_transaction_is_refused_at_once()
    {
        var table = await storage.NewTableAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([], Cancel));
    }
}
