using System.Buffers;
using System.Net;
using System.Text.Json;
using Springest.Client;

namespace Springest.Functions.Webhooks.Parsing;

/// <summary>Reads the bodies of webhooks: each object that they name, once.</summary>
internal static class WebhookParser
{
    /// <summary>What was taken once is read again whatever the limit is by then.</summary>
    public const int AnyNumber = int.MaxValue;

    /// <summary>
    /// Reads the body of a webhook, in UTF-8, as its feed has them. No format of conversions is public (docs/springest-api.md, section
    /// 9.3): any JSON is kept as it came, to be replayed when it is understood.
    /// </summary>
    /// <exception cref="WebhookProblemException">It is not taken; the message says what is wrong and where.</exception>
    public static ParsedWebhook Parse(WebhookFeed feed, ReadOnlySequence<byte> json, int maxChanges)
    {
        var isConversions = feed is WebhookFeed.Conversions;
        try
        {
            return Content(SpringestWebhook.Parse(json, isConversions ? ChangedObject.Conversion : ChangedObject.Training, maxChanges));
        }
        catch (SpringestWebhookException e) when (isConversions && e is { HasTooManyChanges: false, InnerException: not JsonException })
        {
            return new ParsedWebhook([], 0, 1, 0);
        }
        catch (SpringestWebhookException e)
        {
            throw new WebhookProblemException(
                e.HasTooManyChanges ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.BadRequest,
                e.Message,
                e);
        }
    }

    private static ParsedWebhook Content(SpringestWebhook webhook)
    {
        var changes = new Dictionary<(WebhookObject, long), WebhookChange>(webhook.Changes.Count);
        foreach (var change in webhook.Changes)
        {
            var about = (change.About, change.Action) switch
            {
                (_, ChangeAction.Import) => WebhookObject.Import,
                (ChangedObject.Institute, _) => WebhookObject.Institute,
                (ChangedObject.Conversion, _) => WebhookObject.Conversion,
                _ => WebhookObject.Training,
            };
            var times = changes.TryGetValue((about, change.Id), out var earlier) ? earlier.Times : 0;
            changes[(about, change.Id)] = new WebhookChange(about, change.Id, change.Action, times + 1);
        }

        return new ParsedWebhook(changes.Values, webhook.Changes.Count, webhook.Ignored, webhook.Changes.Count(change => !change.UrlFits));
    }
}
