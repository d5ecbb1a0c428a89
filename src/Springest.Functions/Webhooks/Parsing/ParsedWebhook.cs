namespace Springest.Functions.Webhooks.Parsing;

/// <summary>What a webhook's body says.</summary>
/// <param name="Changes">The objects to read again, each once.</param>
/// <param name="Accepted">Changes that name one of them.</param>
/// <param name="Ignored">Changes that mean nothing to us: unknown action or object, no usable id.</param>
/// <param name="OtherUrls">Accepted changes whose url leads elsewhere than to what they name.</param>
internal sealed record ParsedWebhook(IReadOnlyCollection<WebhookChange> Changes, int Accepted, int Ignored, int OtherUrls);
