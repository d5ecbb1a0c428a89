using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Compat.Tests.Tables;

/// <summary>Sends as usual, or answers by itself, and remembers what was asked.</summary>
internal sealed class RecordingTransport(Func<Request, Azure.Response>? answer = null) : HttpPipelineTransport
{
    /// <summary>What sends.</summary>
    public HttpPipelineTransport Inner { get; set; } = HttpClientTransport.Shared;

    public ConcurrentQueue<(string Method, Uri Uri, string? Authorization)> Requests { get; } = new();

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        message.Request.Headers.TryGetValue("Authorization", out var authorization);
        Requests.Enqueue((message.Request.Method.Method, message.Request.Uri.ToUri(), authorization));
        if (answer is null)
            await Inner.ProcessAsync(message);
        else
            message.Response = answer(message.Request);
    }
}
