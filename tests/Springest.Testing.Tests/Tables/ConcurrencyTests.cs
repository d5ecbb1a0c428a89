using Azure;
using Azure.Data.Tables;

namespace Springest.Testing.Tests.Tables;

public class ConcurrencyTests(StorageFixture storage)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TableUpdateMode.Merge)]
    [InlineData(TableUpdateMode.Replace)]
    public async Task Conditional_updates_by_many_at_once_count_exactly(TableUpdateMode mode)
    {
        const int workers = 12;
        const int each = 10;
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "counter") { ["Count"] = 0 }, Cancel);

        var conflicts = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => CountAsync(table, each, mode), Cancel)));

        var counter = await table.ReadAsync("p", "counter");
        Assert.Equal(workers * each, counter.GetInt32("Count"));
        Assert.True(conflicts.Sum() > 0, "Nobody got in another's way, so nothing was tested.");
    }

    [Fact]
    public async Task Of_many_who_add_the_same_entity_one_wins()
    {
        var table = await storage.NewTableAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(
            async () =>
            {
                try
                {
                    return (await table.AddEntityAsync(new TableEntity("p", "one") { ["Winner"] = number }, Cancel)).Status;
                }
                catch (RequestFailedException exception)
                {
                    return exception.Status;
                }
            },
            Cancel)));

        Assert.Single(outcomes, 204);
        Assert.Equal(19, outcomes.Count(status => status == 409));
    }

    /// <summary>How often somebody else was faster.</summary>
    private static async Task<int> CountAsync(TableClient table, int times, TableUpdateMode mode)
    {
        var conflicts = 0;
        for (var done = 0; done < times;)
        {
            var counter = await table.ReadAsync("p", "counter");
            counter["Count"] = counter.GetInt32("Count") + 1;
            try
            {
                await table.UpdateEntityAsync(counter, counter.ETag, mode, Cancel);
                done++;
            }
            catch (RequestFailedException exception) when (exception.Status == 412)
            {
                conflicts++;
            }
        }

        return conflicts;
    }
}
