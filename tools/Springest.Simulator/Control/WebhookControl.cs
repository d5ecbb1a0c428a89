using Springest.Simulator.Data;
using Springest.Simulator.Webhooks;

namespace Springest.Simulator.Control;

/// <summary>Sending of webhooks.</summary>
internal static class WebhookControl
{
    public static readonly IReadOnlyList<ControlRoute> Routes =
    [
        new(
            "POST", "webhooks",
            """
            Sends one: {"target":"http://...","changes":[{"action":"update","resource":"training","id":1}],"format":"Changes"}
            """,
            SendAsync),
    ];

    private static async Task<object?> SendAsync(ControlCall call)
    {
        var order = await call.BodyAsync<WebhookOrder>();
        return await call.Simulator.SendWebhookAsync(order.Target, order.Changes, order.Format, order.Options, call.Ended);
    }

    private sealed record WebhookOrder
    {
        public required Uri Target { get; init; }

        public required IReadOnlyList<Change> Changes { get; init; }

        public WebhookFormat Format { get; init; }

        public WebhookOptions Options { get; init; } = new();
    }
}
