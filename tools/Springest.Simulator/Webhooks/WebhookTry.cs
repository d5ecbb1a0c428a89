namespace Springest.Simulator.Webhooks;

/// <summary>One try to deliver a webhook.</summary>
/// <param name="Status">Status of the answer; null if none came.</param>
/// <param name="Duration">How long the answer took.</param>
/// <param name="Error">Why no answer came; null if one did.</param>
public sealed record WebhookTry(int? Status, TimeSpan Duration, string? Error = null)
{
    /// <summary>Whether the receiver took it.</summary>
    public bool Delivered => Status is >= 200 and < 300;
}
