using System.Buffers;
using System.Text.Json;
using Springest.Client.Webhooks;

namespace Springest.Client;

/// <summary>
/// A webhook that Springest posted (docs/springest-api.md, section 9): <c>{"changes":[{"action":"update","object":"training","id":1}]}</c>,
/// or, in the format of 2014, <c>{"action":"update","id":1,"training":{}}</c>. It is not signed: answer it, then read each object again.
/// </summary>
/// <param name="Changes">The changes, in their order; the same object may come several times.</param>
/// <param name="Ignored">The number of changes that mean nothing: an unknown action or object, or no id.</param>
public sealed record SpringestWebhook(IReadOnlyList<SpringestChange> Changes, int Ignored)
{
    /// <summary>Reads the body of a webhook.</summary>
    /// <param name="json">The body in UTF-8.</param>
    /// <param name="usual">What a body with a single change is about if it does not say so.</param>
    /// <param name="maxChanges">The most changes that are taken.</param>
    /// <exception cref="SpringestWebhookException">It is not JSON, of another shape, or has too many changes.</exception>
    public static SpringestWebhook Parse(ReadOnlyMemory<byte> json, ChangedObject usual = ChangedObject.Training,
        int maxChanges = int.MaxValue)
        => Parse(new ReadOnlySequence<byte>(json), usual, maxChanges);

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte}, ChangedObject, int)" />
    public static SpringestWebhook Parse(ReadOnlySequence<byte> json, ChangedObject usual = ChangedObject.Training,
        int maxChanges = int.MaxValue)
    {
        try
        {
            return new WebhookReader(json, usual, maxChanges).Read();
        }
        catch (SpringestWebhookException e) when (!e.HasTooManyChanges)
        {
            // What is no JSON has no shape either.
            RequireJson(json);
            throw;
        }
        catch (JsonException e)
        {
            throw NotJson(e);
        }
    }

    private static void RequireJson(ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            throw NotJson(e);
        }
    }

    private static SpringestWebhookException NotJson(JsonException e)
        => new($"The body is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.", e);
}
