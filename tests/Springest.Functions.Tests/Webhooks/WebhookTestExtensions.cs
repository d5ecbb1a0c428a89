using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Webhooks;

internal static class WebhookTestExtensions
{
    /// <summary>Runs the timer until the inbox is empty, for half a minute at most.</summary>
    public static async Task FireUntilIdleAsync(this TestApp app, WebhookDriver webhooks)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await webhooks.InboxAsync()).Count > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await app.FireAsync("ApplyWebhooks");
        }
    }
}
