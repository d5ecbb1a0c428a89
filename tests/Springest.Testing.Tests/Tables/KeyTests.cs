using Azure;
using Azure.Data.Tables;

namespace Springest.Testing.Tests.Tables;

public class KeyTests(StorageFixture storage)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Legal() =>
    [
        "", " ", "a b", "O'Reilly", "''", "'", "quote\"d", "100%", "%20", "%2F", "%25", "a+b", "a&b=c", "a,b", "a;b", "a:b@c",
        "(x)", "[y]{z}", "<t>", "~!$^*_-.|`", ".", "..", "café", "naïve ☃", "日本語", "𝄞", "e\u0301", "a\u00a0b", "2026-01-01T00:00:00Z",
    ];

    public static TheoryData<string> Illegal() => ["a/b", "a\\b", "a#b", "a?b", "a\tb", "a\nb", "a\u0000b", "a\u007fb", "a\u0085b"];

    // The last one is beyond Azurite within a transaction.
    [Theory]
    [MemberData(nameof(Legal))]
    [InlineData("RowKey='x'")]
    public async Task Any_legal_key_works_in_every_call(string key)
    {
        var table = await storage.NewTableAsync();

        await table.AddEntityAsync(new TableEntity(key, key) { ["V"] = 1 }, Cancel);
        await table.UpdateEntityAsync(new TableEntity(key, key) { ["V"] = 2 }, ETag.All, TableUpdateMode.Replace, Cancel);
        await table.UpsertEntityAsync(new TableEntity(key, key) { ["W"] = 3 }, TableUpdateMode.Merge, Cancel);
        var read = await table.ReadAsync(key, key);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {key} and RowKey eq {key}");
        var found = Assert.Single(await table.ListAsync(filter));
        var deleted = await table.DeleteEntityAsync(key, key, read.ETag, Cancel);

        Assert.Equal((key, key, 2, 3), (read.PartitionKey, read.RowKey, read.GetInt32("V"), read.GetInt32("W")));
        Assert.Equal((key, read.ETag), (found.RowKey, found.ETag));
        Assert.Equal(204, deleted.Status);
        Assert.Empty(await table.ListAsync());
    }

    [Theory]
    [MemberData(nameof(Legal))]
    public async Task Any_legal_key_works_in_a_transaction(string key)
    {
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(new TableEntity(key, $"{key}gone"), Cancel);

        await table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, new TableEntity(key, $"{key}1")),
                new(TableTransactionActionType.UpsertReplace, new TableEntity(key, $"{key}2")),
                new(TableTransactionActionType.UpsertMerge, new TableEntity(key, $"{key}3")),
                new(TableTransactionActionType.Delete, new TableEntity(key, $"{key}gone")),
            ],
            Cancel);

        var keys = await table.QueryAsync<TableEntity>(cancellationToken: Cancel).Select(entity => entity.RowKey).ToListAsync(Cancel);
        Assert.Equal([$"{key}1", $"{key}2", $"{key}3"], keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Illegal))]
    public async Task An_illegal_key_is_refused(string key)
    {
        var table = await storage.NewTableAsync();

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", key), Cancel));
        await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpsertEntityAsync(new TableEntity(key, "r"), TableUpdateMode.Replace, Cancel));

        Assert.Equal(400, refused.Status);
        Assert.Empty(await table.ListAsync());
    }
}
