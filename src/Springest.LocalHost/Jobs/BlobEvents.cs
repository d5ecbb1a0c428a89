#pragma warning disable CS0618 // IWebHookProvider is marked as not for the public; there is no other way to the extension's address.
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host.Config;

namespace Springest.LocalHost.Jobs;

/// <summary>The address where Event Grid delivers word of blobs. The blob extension answers it: validation, queueing and all.</summary>
internal sealed class BlobEvents : IWebHookProvider
{
    public const string Route = "runtime/webhooks/blobs";
    private const string EventType = "aeg-event-type";
    private IAsyncConverter<HttpRequestMessage, HttpResponseMessage>? _extension;

    /// <summary>The extension asks for its address, and so becomes known.</summary>
    public Uri GetUrl(IExtensionConfigProvider extension)
    {
        _extension = extension as IAsyncConverter<HttpRequestMessage, HttpResponseMessage>;
        return new($"http://127.0.0.1/{Route}");
    }

    public async Task AnswerAsync(HttpContext http)
    {
        using var body = new StreamContent(http.Request.Body);
        var (query, type) = ($"{http.Request.QueryString}", $"{http.Request.Headers[EventType]}");
        using var response = await DeliverAsync(query, type, body, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        await (response.Content?.CopyToAsync(http.Response.Body, http.RequestAborted) ?? Task.CompletedTask);
    }

    /// <summary>Delivers events in the shape of Event Grid's own.</summary>
    public async Task<HttpResponseMessage> DeliverAsync(string query, string type, HttpContent body, CancellationToken cancellationToken)
    {
        if (_extension is null)
            return new(System.Net.HttpStatusCode.NotFound);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1/{Route}{query}") { Content = body };
        request.Headers.Add(EventType, type);
        return await _extension.ConvertAsync(request, cancellationToken);
    }
}
