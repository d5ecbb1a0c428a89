namespace Springest.Simulator.Webhooks;

/// <summary>What became of one body.</summary>
/// <param name="Body">The body as sent.</param>
/// <param name="Tries">Every try, in order; at least one.</param>
public sealed record WebhookDelivery(string Body, IReadOnlyList<WebhookTry> Tries)
{
    /// <summary>Whether the receiver took it in the end.</summary>
    public bool Delivered => Tries[^1].Delivered;

    /// <summary>Status of the last try; null if no answer came.</summary>
    public int? Status => Tries[^1].Status;
}
