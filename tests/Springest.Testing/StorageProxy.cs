using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Springest.Testing;

/// <summary>A proxy before Azurite's tables and blobs, where a test sees every request and decides what becomes of it.</summary>
public sealed class StorageProxy : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
    private readonly Azurite _azurite;

    private StorageProxy(Azurite azurite)
    {
        _azurite = azurite;
        var builder = WebApplication.CreateSlimBuilder();
        // The first address is the blobs', the second the tables'.
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Listen(IPAddress.Loopback, 0);
            server.Listen(IPAddress.Loopback, 0);
            server.Limits.MaxRequestBodySize = null;
        });
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(RelayAsync);
    }

    /// <summary>
    /// What happens with a request: it may be sent on, once or several times, before, after and instead of anything else. The result goes
    /// to the client; null cuts its connection. As long as it is not set, each request is sent on.
    /// </summary>
    public Func<HttpRequest, Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage?>> Exchange { get; set; }
        = async (_, send) => await send();

    /// <summary>For clients that go through here.</summary>
    public string ConnectionString => Azurite.ConnectionStringFor(Address(0), _azurite.QueueEndpoint, Address(1));

    public static async Task<StorageProxy> StartAsync(Azurite azurite, CancellationToken cancellationToken = default)
    {
        var proxy = new StorageProxy(azurite);
        await proxy._server.StartAsync(cancellationToken);
        return proxy;
    }

    /// <summary>Carries out the first request of a kind, and nothing from then on, as if the app had died.</summary>
    public void StopAfter(Func<HttpRequest, bool> isOfKind)
    {
        var isOver = false;
        Exchange = async (request, send) =>
        {
            if (!Volatile.Read(ref isOver))
            {
                var answer = await send();
                if (!isOfKind(request))
                    return answer;
                answer.Dispose();
                Volatile.Write(ref isOver, true);
            }

            // Refused, and so not tried again.
            return new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new ByteArrayContent([]) };
        };
    }

    /// <summary>Whether a request writes or removes a row of a table, alone or in a transaction.</summary>
    public static bool Writes(HttpRequest request, string table)
        => request.Method != "GET"
            && $"{request.Path} {Encoding.UTF8.GetString(((MemoryStream)request.Body).ToArray())}"
                .Contains($"{table}(", StringComparison.Ordinal);

    /// <summary>From now on carries out the first request of a kind, but cuts its connection instead of answering.</summary>
    /// <returns>Tells how many requests of this kind there have been.</returns>
    public Func<int> LoseAnswer(Func<HttpRequest, bool> isOfKind)
    {
        var count = 0;
        Exchange = async (request, send) =>
        {
            var answer = await send();
            if (!isOfKind(request) || Interlocked.Increment(ref count) > 1)
                return answer;
            answer.Dispose();
            return null;
        };
        return () => Volatile.Read(ref count);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private Uri Address(int index) => new(_server.Urls.ElementAt(index) + "/");

    private async Task RelayAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        // So that an exchange can look into it.
        (body.Position, context.Request.Body) = (0, body);
        using var answer = await Exchange(context.Request, () => SendAsync(context.Request, body.ToArray()));
        if (answer is null)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (
            var header in answer
                .Headers.Concat(answer.Content.Headers)
                .Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")))
            context.Response.Headers[header.Key] = header.Value.ToArray();
        // Where there is no content, Kestrel takes not even an empty one, and closes the connection.
        if (answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequest request, byte[] body)
    {
        var service = request.HttpContext.Connection.LocalPort == Address(0).Port ? _azurite.BlobEndpoint : _azurite.TableEndpoint;
        // As it came: the signature is over the address as the client wrote it.
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(service, target));
        if (request.ContentLength is not null || body.Length > 0)
            message.Content = new ByteArrayContent(body);
        foreach (var header in request.Headers.Where(header => header.Key is not ("Host" or "Connection" or "Transfer-Encoding")))
        {
            if (!message.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value))
                message.Content?.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value);
        }

        return _http.SendAsync(message);
    }
}
