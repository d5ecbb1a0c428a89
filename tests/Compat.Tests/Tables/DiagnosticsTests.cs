using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Azure;
using Azure.Core.Diagnostics;
using Azure.Data.Tables;

namespace Compat.Tests.Tables;

public sealed class DiagnosticsTests(StorageFixture storage)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_key_signature_or_filter_is_logged()
    {
        var log = new ConcurrentQueue<string>();
        using var listener = new AzureEventSourceListener((_, text) => log.Enqueue(text), EventLevel.Verbose);
        var table = await storage.NewTableAsync(new TableClientOptions());
        var account = new Uri($"{storage.Setting("TableEndpoint")}?sv=2020-12-06&sig=canary-signature");
        var signed = new TableServiceClient(account).GetTableClient(table.Name);
        var entity = new TableEntity("p", "r") { ["V"] = "canary-body" };

        await table.ListAsync("Name eq 'canary-filter'");
        await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, entity)], Cancel);
        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => signed.AddEntityAsync(new TableEntity("p", "r"), Cancel));

        var text = string.Join('\n', log) + refused;
        Assert.Contains($"/{table.Name}()?", text, StringComparison.Ordinal);
        Assert.Contains("$filter=REDACTED", text, StringComparison.Ordinal);
        Assert.Contains("sig=REDACTED", text, StringComparison.Ordinal);
        Assert.Contains("Authorization:REDACTED", text, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SharedKeyLite", text, StringComparison.Ordinal);
        Assert.DoesNotContain(storage.Setting("AccountKey"), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_tells_nothing_secret_is_logged()
    {
        var log = new ConcurrentQueue<string>();
        var table = await storage.NewTableAsync();
        using var listener = new AzureEventSourceListener((_, text) => log.Enqueue(text), EventLevel.Verbose);

        await table.QueryAsync<TableEntity>(maxPerPage: 7, select: ["Name"], cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Contains(log, text => text.Contains(table.Name, StringComparison.Ordinal)
            && text.Contains("$top=7", StringComparison.Ordinal) && text.Contains("$select=Name", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_may_be_missing_is_not_logged_as_a_failure()
    {
        var log = new ConcurrentQueue<string>();
        var table = await storage.NewTableAsync();
        using var listener = new AzureEventSourceListener((_, text) => log.Enqueue(text), EventLevel.Warning);

        await table.CreateIfNotExistsAsync(Cancel);
        var maybe = await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel);

        var mine = maybe.GetRawResponse().ClientRequestId;
        Assert.DoesNotContain(log, text => text.Contains(mine, StringComparison.Ordinal));
    }
}
