using Azure.Data.Tables;

namespace Compat.Tests.Tables;

public sealed class ServiceTests(StorageFixture storage)
{
    private readonly TableServiceClient _service = new(storage.Azurite.ConnectionString);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_is_made_once_and_a_second_time_is_no_failure()
    {
        var name = StorageFixture.NewName();

        var first = await _service.CreateTableIfNotExistsAsync(name, Cancel);
        var second = await _service.GetTableClient(name).CreateIfNotExistsAsync(Cancel);

        Assert.Equal((name, 409), (first.Value.Name, second.GetRawResponse().Status));
        Assert.InRange(first.GetRawResponse().Status, 201, 204);
    }

    [Fact]
    public async Task Many_at_once_may_make_the_same_table()
    {
        var name = StorageFixture.NewName();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _service.CreateTableIfNotExistsAsync(name, Cancel)));

        Assert.Equal(name, (await _service.QueryAsync(table => table.Name == name, cancellationToken: Cancel).SingleAsync(Cancel)).Name);
    }

    [Fact]
    public async Task A_deleted_table_is_gone_and_a_second_time_answers_404()
    {
        var name = StorageFixture.NewName();
        await _service.CreateTableIfNotExistsAsync(name, Cancel);

        var first = await _service.DeleteTableAsync(name, Cancel);
        var second = await _service.GetTableClient(name).DeleteAsync(Cancel);

        Assert.Equal((204, 404), (first.Status, second.Status));
        Assert.Empty(await _service.QueryAsync($"TableName eq '{name}'", cancellationToken: Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Tables_are_listed_in_pages_by_a_filter()
    {
        var prefix = StorageFixture.NewName();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(number => _service.CreateTableIfNotExistsAsync($"{prefix}{number}", Cancel)));
        FormattableString filter = $"TableName ge {prefix} and TableName lt {prefix + "z"}";

        var pages = await _service.QueryAsync(filter, maxPerPage: 2, Cancel).AsPages().ToListAsync(Cancel);

        Assert.All(pages, page => Assert.InRange(page.Values.Count, 0, 2));
        var names = pages.SelectMany(page => page.Values).Select(table => table.Name);
        Assert.Equal(Enumerable.Range(0, 5).Select(number => $"{prefix}{number}"), names);
    }

    [Fact]
    public void Clients_know_where_they_are()
    {
        var table = _service.GetTableClient("courses");
        var inAzure = new TableServiceClient("AccountName=acc;AccountKey=a2V5;EndpointSuffix=core.windows.net");
        var emulated = new TableServiceClient("UseDevelopmentStorage=true");

        Assert.Equal(("devstoreaccount1", "devstoreaccount1"), (_service.AccountName, table.AccountName));
        Assert.Equal(("courses", $"{storage.Azurite.TableEndpoint}devstoreaccount1/courses"), (table.Name, table.Uri.AbsoluteUri));
        Assert.Equal(("acc", "https://acc.table.core.windows.net/"), (inAzure.AccountName, inAzure.Uri.AbsoluteUri));
        Assert.Equal("https://acc.table.core.windows.net/courses", inAzure.GetTableClient("courses").Uri.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:10002/devstoreaccount1", emulated.Uri.AbsoluteUri.TrimEnd('/'));
    }

    [Theory]
    [InlineData("AccountName=acc")]
    [InlineData("AccountKey=c2VjcmV0")]
    [InlineData("AccountName=acc;AccountKey=!!c2VjcmV0!!")]
    public void A_wrong_connection_string_is_refused_without_repeating_the_key(string wrong)
    {
        var refused = Assert.ThrowsAny<Exception>(() => new TableServiceClient(wrong));

        Assert.DoesNotContain("c2VjcmV0", refused.ToString(), StringComparison.Ordinal);
    }
}
