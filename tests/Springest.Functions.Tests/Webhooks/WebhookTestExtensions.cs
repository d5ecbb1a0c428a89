using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;
using Springest.Functions.Webhooks.Processing;

namespace Springest.Functions.Tests.Webhooks;

internal static class WebhookTestExtensions
{
    /// <summary>
    /// Runs the timer until the inbox is empty, for five minutes at most: a machine may be very busy. What is gone and waits to be looked
    /// up again counts as gone for long enough.
    /// </summary>
    public static async Task FireUntilIdleAsync(this TestApp app, WebhookDriver webhooks)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(5));
        while (await webhooks.InboxAsync() is { Count: > 0 } rows)
        {
            patience.Token.ThrowIfCancellationRequested();
            foreach (var row in rows.Where(row => row.ContainsKey("MissingSince")))
                await AgeAsync(app, row);
            await app.FireAsync("ApplyWebhooks");
        }
    }

    /// <summary>Moves a clock on until something is done, never faster than the machine, which has to do its work meanwhile.</summary>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider clock, Task done)
    {
        var bit = TimeSpan.FromMilliseconds(1);
        while (!done.IsCompleted)
        {
            clock.Advance(bit);
            await Task.WhenAny(done, Task.Delay(bit, TimeProvider.System, TestContext.Current.CancellationToken));
        }

        await done;
    }

    private static async Task AgeAsync(TestApp app, TableEntity row)
    {
        row["MissingSince"] = row.GetDateTimeOffset("MissingSince")!.Value - DeleteGuard.Confirmation;
        row["NextAttempt"] = DateTimeOffset.UnixEpoch;
        try
        {
            await app.Storage.Table(WebhookStorage.Inbox).UpdateEntityAsync(
                row, row.ETag, TableUpdateMode.Replace, TestContext.Current.CancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            // Somebody is at work on it.
        }
    }
}
