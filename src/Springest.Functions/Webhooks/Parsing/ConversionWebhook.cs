using System.Buffers;
using System.Net;

namespace Springest.Functions.Webhooks.Parsing;

/// <summary>
/// Reads the webhooks of conversions. No format of theirs is public (docs/springest-api.md, section 9.3): they are taken to be like those
/// of trainings, and any other JSON is kept as it came, to be replayed when it is understood. Experimental.
/// </summary>
internal static class ConversionWebhook
{
    /// <exception cref="WebhookRejectedException">Not JSON, or too many changes.</exception>
    public static ParsedWebhook Parse(ReadOnlySequence<byte> json, int maxChanges)
    {
        try
        {
            return WebhookParser.Parse(json, WebhookObject.Conversion, maxChanges);
        }
        catch (WebhookRejectedException refused) when (refused.Status is HttpStatusCode.BadRequest)
        {
            WebhookParser.RequireJson(json);
            return new ParsedWebhook([], 0, 1, 0);
        }
    }
}
