namespace Springest.Functions.Webhooks.Receiving;

/// <summary>What the sender of a webhook is told.</summary>
/// <param name="Delivery">Under which id it is recorded.</param>
/// <param name="Accepted">Changes taken.</param>
/// <param name="Ignored">Changes that mean nothing to us.</param>
/// <param name="Applied">Those of the accepted whose object has been read again already.</param>
public sealed record WebhookReceipt(string Delivery, int Accepted, int Ignored, int Applied);
