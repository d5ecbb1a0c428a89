using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Springest.Testing;

namespace Compat.Tests.Tables;

public sealed class RetryTests(StorageFixture storage) : IAsyncDisposable
{
    private readonly FaultyProxy _proxy = new(storage.Azurite.TableEndpoint);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    [Theory]
    [InlineData("500 Internal Server Error")]
    [InlineData("502 Bad Gateway")]
    [InlineData("503 Service Unavailable")]
    [InlineData("504 Gateway Timeout")]
    [InlineData("429 Too Many Requests")]
    [InlineData("408 Request Timeout")]
    public async Task A_passing_refusal_goes_unnoticed(string statusLine)
    {
        var table = await NewTableAsync();
        _proxy.Refuse(2, statusLine);

        var added = await table.AddEntityAsync(new TableEntity("p", "r"), Cancel);

        Assert.Equal(204, added.Status);
    }

    [Fact]
    public async Task A_lasting_refusal_is_reported_with_its_status()
    {
        var table = await NewTableAsync();
        _proxy.Refuse(100, "503 Service Unavailable");

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r"), Cancel));

        Assert.Equal(503, refused.Status);
    }

    [Fact]
    public async Task A_refusal_for_good_is_not_tried_again()
    {
        var table = await NewTableAsync();
        _proxy.Refuse(1, "403 Forbidden");

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r"), Cancel));

        Assert.Equal(403, refused.Status);
    }

    [Fact]
    public async Task A_lost_answer_to_a_read_goes_unnoticed()
    {
        var table = await NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["V"] = 1 }, Cancel);
        _proxy.LoseAnswers(2);

        Assert.Equal(1, (await table.ReadAsync("p", "r")).GetInt32("V"));
    }

    // The write is done, the answer is lost, and the retry meets its own work. Callers must know that.
    [Fact]
    public async Task A_lost_answer_to_a_conditional_write_looks_like_a_conflict()
    {
        var table = await NewTableAsync();
        var first = (await table.AddEntityAsync(new TableEntity("p", "r") { ["V"] = 1 }, Cancel)).Headers.ETag!.Value;

        _proxy.LoseAnswers(1);
        var add = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "s"), Cancel));
        _proxy.LoseAnswers(1);
        var update = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r") { ["V"] = 2 }, first, TableUpdateMode.Replace, Cancel));
        _proxy.LoseAnswers(1);
        var delete = await table.DeleteEntityAsync("p", "s", cancellationToken: Cancel);

        Assert.Equal((409, 412, 404), (add.Status, update.Status, delete.Status));
        Assert.Equal(2, (await table.ReadAsync("p", "r")).GetInt32("V"));
    }

    [Fact]
    public async Task A_call_that_waits_for_its_answer_can_be_cancelled()
    {
        var table = await NewTableAsync();
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var arrived = _proxy.SwallowAsync(1);

        var call = table.AddEntityAsync(new TableEntity("p", "r"), source.Token);
        await arrived;
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Empty(await table.ListAsync());
    }

    [Fact]
    public async Task A_server_that_is_gone_is_reported_without_a_status()
    {
        var table = await NewTableAsync();
        await _proxy.DisposeAsync();

        var gone = await Assert.ThrowsAnyAsync<Exception>(() => table.AddEntityAsync(new TableEntity("p", "r"), Cancel));

        var last = Assert.IsType<RequestFailedException>(gone is AggregateException all ? all.InnerExceptions[^1] : gone);
        Assert.Equal(0, last.Status);
    }

    private async Task<TableClient> NewTableAsync()
    {
        var options = new TableClientOptions { Retry = { Mode = RetryMode.Fixed, Delay = TimeSpan.FromMilliseconds(5), MaxRetries = 3 } };
        var azurite = storage.Azurite;
        var connection = Azurite.ConnectionStringFor(azurite.BlobEndpoint, azurite.QueueEndpoint, _proxy.Address);
        var table = new TableServiceClient(connection, options).GetTableClient(StorageFixture.NewName());
        await table.CreateIfNotExistsAsync(Cancel);
        return table;
    }
}
