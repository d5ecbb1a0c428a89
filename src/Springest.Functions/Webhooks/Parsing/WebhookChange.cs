using Springest.Client;

namespace Springest.Functions.Webhooks.Parsing;

/// <summary>An object named by a webhook, and what was said of it last.</summary>
/// <param name="Times">How many changes of the body name it.</param>
internal readonly record struct WebhookChange(WebhookObject Object, long Id, ChangeAction Action, int Times);
