using System.Text;
using Azure.Data.Tables;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>What a webhook leaves behind: a row in the inbox, its body, a look-up, a record.</summary>
internal static class Traces
{
    /// <summary>Makes sure that nothing was stored of a webhook about a training, once a later one has gone all the way.</summary>
    public static async Task AssertNoneAsync(App app, params long[] trainings)
    {
        var later = Mirror.Publish(app);
        await app.TellAsync(Webhook.Update(later));
        await Mirror.HasAsync(app, later);

        var bodies = await BodiesAsync(app);
        Assert.Contains($"{later}", bodies, StringComparison.Ordinal);
        foreach (var training in trainings)
        {
            Assert.Empty(app.LookUps(training));
            Assert.Null(await Mirror.FindAsync(app, training));
            Assert.DoesNotContain($"{training}", bodies, StringComparison.Ordinal);
            Assert.False(await IsInInboxAsync(app, training));
        }
    }

    private static async Task<string> BodiesAsync(App app)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (all, since) = (new List<string>(), TimeProvider.System.GetUtcNow().AddMinutes(-10));
        await foreach (var row in app.Table("WebhookDeliveries").QueryAsync<TableEntity>(
            row => row.Timestamp > since, cancellationToken: cancellation))
            all.Add(Encoding.UTF8.GetString(row.GetBinary("Content") ?? []));
        await foreach (var blob in app.Container("webhook-bodies").GetBlobsAsync(cancellationToken: cancellation))
            if (blob.Properties.LastModified > since)
                all.Add(
                    (await app.Container("webhook-bodies").GetBlobClient(blob.Name).DownloadContentAsync(cancellation))
                        .Value.Content.ToString()
                        .Trim());
        return string.Concat(all);
    }

    private static async Task<bool> IsInInboxAsync(App app, long training)
    {
        await foreach (
            var row in app.Table("WebhookInbox").QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken))
            if (
                row.RowKey.Contains($"{training}", StringComparison.Ordinal)
                || row.GetString("Bundled")?.Contains($"{training}", StringComparison.Ordinal) == true)
                return true;
        return false;
    }
}
