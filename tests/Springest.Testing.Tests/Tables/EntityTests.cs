using Azure;
using Azure.Data.Tables;

namespace Springest.Testing.Tests.Tables;

public class EntityTests(StorageFixture storage)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Adding_answers_with_the_version_that_a_read_then_shows()
    {
        var table = await storage.NewTableAsync();

        var added = await table.AddEntityAsync(new TableEntity("p", "r") { ["Name"] = "Excel" }, Cancel);
        var read = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel);

        Assert.Equal(204, added.Status);
        Assert.Equal(added.Headers.ETag, read.Value.ETag);
        Assert.Equal(("p", "r", "Excel"), (read.Value.PartitionKey, read.Value.RowKey, read.Value.GetString("Name")));
        Assert.NotNull(read.Value.Timestamp);
        Assert.DoesNotContain(read.Value.Keys, key => key.EndsWith("@odata.type", StringComparison.Ordinal) || key == "odata.metadata");
    }

    [Fact]
    public async Task Adding_what_is_there_is_a_conflict()
    {
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"), Cancel);

        var conflict = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r"), Cancel));

        Assert.Equal((409, "EntityAlreadyExists"), (conflict.Status, conflict.ErrorCode));
    }

    [Fact]
    public async Task Writing_to_a_missing_table_names_the_reason()
    {
        var table = storage.Tables().GetTableClient(StorageFixture.NewName());

        var missing = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r"), Cancel));

        Assert.Equal((404, "TableNotFound"), (missing.Status, missing.ErrorCode));
    }

    [Fact]
    public async Task Getting_what_is_missing_throws_or_tells()
    {
        var table = await storage.NewTableAsync();

        var missing = await Assert.ThrowsAsync<RequestFailedException>(() => table.ReadAsync("p", "r"));
        var maybe = await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel);

        Assert.Equal((404, "ResourceNotFound"), (missing.Status, missing.ErrorCode));
        Assert.False(maybe.HasValue);
        Assert.Equal(404, maybe.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => maybe.Value);
    }

    [Fact]
    public async Task Getting_if_exists_has_the_value_when_there_is_one()
    {
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Name"] = "Excel" }, Cancel);

        var found = await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel);

        Assert.True(found.HasValue);
        Assert.Equal("Excel", found.Value!.GetString("Name"));
    }

    [Fact]
    public async Task Getting_selected_properties_leaves_out_the_others()
    {
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Name"] = "Excel", ["Places"] = 12 }, Cancel);

        var read = (await table.GetEntityAsync<Course>("p", "r", [nameof(Course.Places)], Cancel)).Value;

        Assert.Equal((12, null), (read.Places, read.Name));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge, true)]
    [InlineData(TableUpdateMode.Replace, false)]
    public async Task Upserting_inserts_then_merges_or_replaces(TableUpdateMode mode, bool keepsTheRest)
    {
        var table = await storage.NewTableAsync();

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["Name"] = "Excel", ["Places"] = 12 }, mode, Cancel);
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["Places"] = 13 }, mode, Cancel);

        var read = await table.ReadAsync("p", "r");
        Assert.Equal(13, read.GetInt32("Places"));
        Assert.Equal(keepsTheRest, read.ContainsKey("Name"));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge, true)]
    [InlineData(TableUpdateMode.Replace, false)]
    public async Task Updating_merges_or_replaces_the_version_that_it_is_for(TableUpdateMode mode, bool keepsTheRest)
    {
        var table = await storage.NewTableAsync();
        var first = (await table.AddEntityAsync(new TableEntity("p", "r") { ["Name"] = "Excel" }, Cancel)).Headers.ETag!.Value;

        var second = (await table.UpdateEntityAsync(new TableEntity("p", "r") { ["Places"] = 13 }, first, mode, Cancel)).Headers.ETag;

        var read = await table.ReadAsync("p", "r");
        Assert.NotEqual(first, second);
        Assert.Equal(second, read.ETag);
        Assert.Equal(keepsTheRest, read.ContainsKey("Name"));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge)]
    [InlineData(TableUpdateMode.Replace)]
    public async Task Updating_a_version_that_has_passed_changes_nothing(TableUpdateMode mode)
    {
        var table = await storage.NewTableAsync();
        var first = (await table.AddEntityAsync(new TableEntity("p", "r") { ["Places"] = 1 }, Cancel)).Headers.ETag!.Value;
        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["Places"] = 2 }, ETag.All, mode, Cancel);

        var stale = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r") { ["Places"] = 3 }, first, mode, Cancel));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (stale.Status, stale.ErrorCode));
        Assert.Equal(2, (await table.ReadAsync("p", "r")).GetInt32("Places"));
    }

    [Fact]
    public async Task Updating_what_is_missing_fails()
    {
        var table = await storage.NewTableAsync();

        var missing = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All, TableUpdateMode.Replace, Cancel));

        Assert.Equal((404, "ResourceNotFound"), (missing.Status, missing.ErrorCode));
    }

    [Fact]
    public async Task Updating_needs_a_version()
    {
        var table = await storage.NewTableAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r"), default, TableUpdateMode.Replace, Cancel));
    }

    [Fact]
    public async Task Deleting_answers_404_for_what_is_missing_and_does_not_throw()
    {
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"), Cancel);

        var first = await table.DeleteEntityAsync("p", "r", cancellationToken: Cancel);
        var second = await table.DeleteEntityAsync(new TableEntity("p", "r"), cancellationToken: Cancel);

        Assert.Equal((204, 404), (first.Status, second.Status));
    }

    [Fact]
    public async Task Deleting_a_version_that_has_passed_keeps_the_entity()
    {
        var table = await storage.NewTableAsync();
        var first = (await table.AddEntityAsync(new TableEntity("p", "r"), Cancel)).Headers.ETag!.Value;
        var second = (await table.UpsertEntityAsync(new TableEntity("p", "r"), TableUpdateMode.Replace, Cancel)).Headers.ETag!.Value;

        var stale = await Assert.ThrowsAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r", first, Cancel));
        var deleted = await table.DeleteEntityAsync("p", "r", second, Cancel);

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (stale.Status, stale.ErrorCode));
        Assert.Equal(204, deleted.Status);
    }

    [Fact]
    public async Task Missing_keys_are_refused_before_anything_is_sent()
    {
        var table = await storage.NewTableAsync();

        await Assert.ThrowsAsync<ArgumentNullException>(() => table.AddEntityAsync(new TableEntity(), Cancel));
        await Assert.ThrowsAsync<ArgumentNullException>(
            () => table.UpsertEntityAsync(new TableEntity("p", null!), TableUpdateMode.Replace, Cancel));
        await Assert.ThrowsAnyAsync<SystemException>(() => table.GetEntityAsync<TableEntity>(null!, "r", cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentNullException>(() => table.DeleteEntityAsync("p", null!, cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_cancelled_call_ends_without_writing()
    {
        var table = await storage.NewTableAsync();
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.AddEntityAsync(new TableEntity("p", "r"), source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in table.QueryAsync<TableEntity>(cancellationToken: source.Token))
                Assert.Fail("Nothing is to be read.");
        });

        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel)).HasValue);
    }
}
