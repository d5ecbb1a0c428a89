using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Webhooks;

internal static class WebhookTestExtensions
{
    /// <summary>Runs the timer until the inbox is empty, for five minutes at most: a machine may be very busy.</summary>
    public static async Task FireUntilIdleAsync(this TestApp app, WebhookDriver webhooks)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(5));
        while ((await webhooks.InboxAsync()).Count > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await app.FireAsync("ApplyWebhooks");
        }
    }
}
