#pragma warning disable CS0618 // IWebHookProvider is marked as not for public consumption; there is no other way to the extension's address.
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host.Config;

namespace Springest.LocalHost.Jobs;

/// <summary>The address where Event Grid delivers word of blobs. The blob extension answers it: validation, queueing and all.</summary>
internal sealed class BlobEvents : IWebHookProvider
{
    /// <summary>Where the address is, as on the platform.</summary>
    public const string Route = "runtime/webhooks/blobs";

    private const string EventType = "aeg-event-type";
    private static readonly Uri Address = new($"http://127.0.0.1/{Route}");

    private IAsyncConverter<HttpRequestMessage, HttpResponseMessage>? _extension;

    /// <summary>The extension asks for its address, and so becomes known.</summary>
    public Uri GetUrl(IExtensionConfigProvider extension)
    {
        _extension = extension as IAsyncConverter<HttpRequestMessage, HttpResponseMessage>;
        return Address;
    }

    /// <summary>Answers a delivery.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        using var response = await DeliverAsync(
            http.Request.QueryString.Value, http.Request.Headers[EventType], new StreamContent(http.Request.Body), http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        if (response.Content is { } content)
            await content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    /// <summary>Tells a function of blobs.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="events">A JSON array in the shape of Event Grid's own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AnnounceAsync(string function, HttpContent events, CancellationToken cancellationToken)
    {
        using var response = await DeliverAsync($"?functionName=Host.Functions.{function}", "Notification", events, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private async Task<HttpResponseMessage> DeliverAsync(string? query, string? eventType, HttpContent events, CancellationToken cancellationToken)
    {
        if (_extension is null)
            return new(System.Net.HttpStatusCode.NotFound);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, query)) { Content = events };
        request.Headers.Add(EventType, eventType);
        return await _extension.ConvertAsync(request, cancellationToken);
    }
}
