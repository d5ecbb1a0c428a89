using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Springest.Functions.Tests.Quota;

/// <summary>A proxy before the tables of a storage account that cuts, delays and repeats requests at random.</summary>
internal sealed class BadNetwork : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
    private readonly Random _random;
    private readonly Uri _tables;
    private int _cut;
    private int _delayed;
    private int _repeated;

    private BadNetwork(Uri tables, int seed)
    {
        (_tables, _random) = (tables, new Random(seed));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(ForwardAsync);
    }

    /// <summary>The share of requests that each of the faults strikes.</summary>
    public double Trouble { get; set; }

    public (int Cut, int Delayed, int Repeated) Faults => (_cut, _delayed, _repeated);

    /// <summary>A connection string whose tables lie behind this network.</summary>
    public string ConnectionString
    {
        get
        {
            var here = new Uri(_server.Urls.First() + "/");
            return Springest.Testing.Azurite.ConnectionStringFor(here, here, here);
        }
    }

    public static async Task<BadNetwork> StartAsync(Uri tables, int seed, CancellationToken cancellationToken)
    {
        var network = new BadNetwork(tables, seed);
        await network._server.StartAsync(cancellationToken);
        return network;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (Strikes(ref _cut))
        {
            context.Abort();
            return;
        }

        if (Strikes(ref _delayed))
            await Task.Delay(TimeSpan.FromMilliseconds(50 + Next() * 950), TimeProvider.System);
        if (Strikes(ref _repeated))
            (await SendAsync(context.Request, body.ToArray())).Dispose();
        using var answer = await SendAsync(context.Request, body.ToArray());
        if (Strikes(ref _cut))
        {
            context.Abort();
            return;
        }

        if (Strikes(ref _delayed))
            await Task.Delay(TimeSpan.FromMilliseconds(50 + Next() * 950), TimeProvider.System);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")))
            context.Response.Headers[header.Key] = header.Value.ToArray();
        await answer.Content.CopyToAsync(context.Response.Body);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequest request, byte[] body)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(_tables, request.Path.Value + request.QueryString));
        if (body.Length > 0)
            message.Content = new ByteArrayContent(body);
        foreach (var header in request.Headers.Where(header => header.Key is not ("Host" or "Connection" or "Transfer-Encoding")))
        {
            if (!message.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value))
                message.Content?.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value);
        }

        return _http.SendAsync(message);
    }

    private bool Strikes(ref int count)
    {
        if (Next() >= Trouble)
            return false;
        Interlocked.Increment(ref count);
        return true;
    }

    private double Next()
    {
        lock (_random)
            return _random.NextDouble();
    }
}
