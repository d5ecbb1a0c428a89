namespace Springest.Functions.Webhooks.Processing;

/// <summary>What an operator's action did.</summary>
/// <param name="Deliveries">Deliveries that were replayed or discarded.</param>
/// <param name="Objects">Objects that will be read again because of it, or will not.</param>
public sealed record WebhookCommandResult(int Deliveries, int Objects);
