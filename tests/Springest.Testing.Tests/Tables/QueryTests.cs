using Azure;
using Azure.Data.Tables;

namespace Springest.Testing.Tests.Tables;

public class QueryTests(StorageFixture storage)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task More_than_a_thousand_entities_come_in_pages_each_once()
    {
        var table = await FilledAsync(2050);

        var pages = await table.QueryAsync<TableEntity>(cancellationToken: Cancel).AsPages().ToListAsync(Cancel);

        Assert.Equal([1000, 1000, 50], pages.Select(page => page.Values.Count));
        Assert.Equal(Enumerable.Range(0, 2050), pages.SelectMany(page => page.Values).Select(entity => entity.GetInt32("Number")!.Value));
        Assert.Null(pages[^1].ContinuationToken);
        Assert.All(pages, page => Assert.Equal(200, page.GetRawResponse().Status));
    }

    [Fact]
    public async Task The_size_of_a_page_is_the_callers_and_the_end_is_exact()
    {
        var table = await FilledAsync(21);

        var query = table.QueryAsync<TableEntity>(maxPerPage: 7, cancellationToken: Cancel);

        var pages = await query.AsPages().ToListAsync(Cancel);
        var hinted = await query.AsPages(pageSizeHint: 20).ToListAsync(Cancel);

        Assert.Equal([7, 7, 7], pages.Select(page => page.Values.Count).Where(count => count > 0));
        Assert.Equal([20, 1], hinted.Select(page => page.Values.Count));
    }

    [Fact]
    public async Task A_continuation_token_resumes_where_its_page_ended()
    {
        var table = await FilledAsync(10, "O'Reilly & 100% ☃");
        var first = await table.QueryAsync<TableEntity>(maxPerPage: 4, cancellationToken: Cancel).AsPages().FirstAsync(Cancel);

        var rest = await table.QueryAsync<TableEntity>(cancellationToken: Cancel).AsPages(first.ContinuationToken).ToListAsync(Cancel);

        Assert.Equal([4, 5, 6, 7, 8, 9], rest.SelectMany(page => page.Values).Select(entity => entity.GetInt32("Number")!.Value));
    }

    [Fact]
    public async Task Only_the_selected_properties_come()
    {
        var table = await FilledAsync(1);

        var entity = await table.QueryAsync<TableEntity>(select: ["RowKey", "Name"], cancellationToken: Cancel).SingleAsync(Cancel);

        Assert.Equal(("00000", "Course 0"), (entity.RowKey, entity.GetString("Name")));
        Assert.False(entity.ContainsKey("Number"));
        Assert.NotEqual(default, entity.ETag);
    }

    [Fact]
    public async Task A_filter_that_matches_nothing_gives_nothing()
    {
        var table = await FilledAsync(3);

        Assert.Empty(await table.ListAsync("PartitionKey eq 'none'"));
    }

    [Fact]
    public async Task A_query_of_nonsense_is_refused()
    {
        var table = await FilledAsync(1);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(
            async () => await table.ListAsync("PartitionKey eq eq"));

        Assert.Equal((400, "InvalidInput"), (refused.Status, refused.ErrorCode));
    }

    private async Task<TableClient> FilledAsync(int count, string partition = "p")
    {
        var table = await storage.NewTableAsync();
        await FillAsync(table, count, partition);
        return table;
    }

    private static async Task FillAsync(TableClient table, int count, string partition)
    {
        foreach (var numbers in Enumerable.Range(0, count).Chunk(100))
        {
            var entities = numbers.Select(
                number => new TableEntity(partition, $"{number:d5}") { ["Number"] = number, ["Name"] = $"Course {number}" });
            await table.SubmitTransactionAsync(
                entities.Select(entity => new TableTransactionAction(TableTransactionActionType.Add, entity)), Cancel);
        }
    }
}
