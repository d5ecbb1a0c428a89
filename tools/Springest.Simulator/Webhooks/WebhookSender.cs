using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Webhooks;

/// <summary>Posts webhooks to a receiver, and again as long as it does not take them.</summary>
internal sealed class WebhookSender(Catalogue catalogue, TimeProvider clock) : IDisposable
{
    // Says nothing to listeners of the process: the target may carry a key of the receiver.
    private readonly HttpClient _http =
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

    public async Task<IReadOnlyList<WebhookDelivery>> SendAsync(
        Uri target, IReadOnlyList<Change> changes, WebhookFormat format, WebhookOptions options, CancellationToken cancellationToken)
    {
        if (!target.IsAbsoluteUri || target.Scheme is not ("http" or "https"))
            throw new ArgumentException("The target of a webhook should be an absolute http or https address.");
        var deliveries = new List<WebhookDelivery>();
        foreach (var body in Bodies(changes, format, options))
            deliveries.Add(await DeliverAsync(target, body.ToJsonString(JsonText.Options), options, cancellationToken));
        return deliveries;
    }

    public void Dispose() => _http.Dispose();

    private IEnumerable<JsonObject> Bodies(IReadOnlyList<Change> changes, WebhookFormat format, WebhookOptions options) => format switch
    {
        WebhookFormat.Single2014 => changes.Select(change => WebhookBody.Single(change, catalogue)),
        _ when options.OneByOne => changes.Select(change => WebhookBody.Of([change], options.UrlBase)),
        _ => [WebhookBody.Of(changes, options.UrlBase)],
    };

    private async Task<WebhookDelivery> DeliverAsync(Uri target, string body, WebhookOptions options, CancellationToken cancellationToken)
    {
        var tries = new List<WebhookTry> { await TryAsync(target, body, options, cancellationToken) };
        foreach (var pause in options.Backoff)
        {
            if (tries[^1].Delivered)
                break;
            await Task.Delay(pause, clock, cancellationToken);
            tries.Add(await TryAsync(target, body, options, cancellationToken));
        }

        return new WebhookDelivery(body, tries);
    }

    private async Task<WebhookTry> TryAsync(Uri target, string body, WebhookOptions options, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(options.ContentType);
            using var answer = await _http.PostAsync(target, content, either.Token);
            return new WebhookTry((int)answer.StatusCode, clock.GetElapsedTime(began));
        }
        catch (HttpRequestException failed)
        {
            return new WebhookTry(null, clock.GetElapsedTime(began), failed.HttpRequestError.ToString());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookTry(null, clock.GetElapsedTime(began), "Timeout");
        }
    }
}
