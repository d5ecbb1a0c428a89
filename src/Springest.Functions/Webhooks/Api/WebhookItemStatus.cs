using System.Text.Json.Serialization;
using Springest.Client;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Api;

/// <summary>An object that a delivery named, and what became of it.</summary>
/// <param name="About">What it is, a <see cref="WebhookObject"/>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Action">The last thing that the delivery said of it, a <see cref="ChangeAction"/>.</param>
/// <param name="State"><c>done</c>, <c>waiting</c>, also if another delivery has named it since, or <c>dead-lettered</c>.</param>
/// <param name="Attempts">How often it was tried, if it is not done.</param>
/// <param name="NextAttempt">When it is tried next, if it is waiting.</param>
/// <param name="Error">Why the last attempt failed.</param>
public sealed record WebhookItemStatus(
    [property: JsonPropertyName("object")] string About,
    long Id,
    string Action,
    string State,
    int? Attempts,
    DateTimeOffset? NextAttempt,
    string? Error)
{
    internal static WebhookItemStatus Of(WebhookChange change, InboxItemEntity? row)
        => new(
            (change.Object is WebhookObject.Import ? WebhookObject.Institute : change.Object).ToString(),
            change.Id,
            change.Action.ToString(),
            row switch
            {
                null => "done",
                { DeadLettered: true } => "dead-lettered",
                _ => "waiting",
            },
            row?.Attempts,
            row is { DeadLettered: false } ? row.NextAttempt : null,
            row?.Error);
}
