using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;
using Springest.Functions.Webhooks.Bodies;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>The memory of bodies: what is counted against <c>MaxBufferedBytes</c> is what is held, and for as long.</summary>
public sealed class WebhookMemoryTests(AzuriteFixture azurite) : IAsyncLifetime
{
    // Not a whole number of pieces.
    private const int Size = 600_000;
    private const int SizeInPieces = ((Size / BodyMemory.PieceBytes) + 1) * BodyMemory.PieceBytes;

    private readonly AbortedRequests _aborted = new();
    private StorageProxy _storage = null!;
    private TestApp _app = null!;
    private WebhookDriver _webhooks = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BodyMemory Memory => _app.Get<BodyMemory>();

    public async ValueTask InitializeAsync()
    {
        _storage = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        var settings = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = _storage.ConnectionString,
            ["Springest:Webhooks:InlineBudget"] = "00:00:00",
            ["Springest:Webhooks:MaxBodyBytes"] = $"{1024 * 1024}",
            ["Springest:Webhooks:MaxBufferedBytes"] = $"{2 * 1024 * 1024}",
            ["Springest:Webhooks:ReceiveTimeout"] = "00:03:00",
        };
        _app = await TestApp.StartAsync(
            azurite.Azurite, settings: settings, services: services => services.AddSingleton<IStartupFilter>(_aborted));
        _webhooks = new WebhookDriver(_app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact(Timeout = 600_000)]
    public async Task As_many_bodies_fit_as_there_is_room_for_their_bytes()
    {
        List<NetworkStream> stalled = [await StallAsync(_app), await StallAsync(_app), await StallAsync(_app)];
        await HoldsAsync(3 * SizeInPieces);

        var tooMany = await _webhooks.PostAsync(Body());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (tooMany.Status, tooMany.Headers.RetryAfter?.Delta > TimeSpan.Zero));
        Assert.Equal(3 * SizeInPieces, Memory.Held);
        Assert.Equal((1, 0, 0), (await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(7)))).Counts);

        stalled.ForEach(sender => sender.Dispose());
        await HoldsAsync(0);
        Assert.Equal(HttpStatusCode.OK, (await _webhooks.PostAsync(Body())).Status);
        Assert.Equal(0, Memory.Held);
    }

    [Fact(Timeout = 600_000)]
    public async Task Who_stalls_is_not_held_longer_than_the_timeout()
    {
        await using var app = await _app.AnotherInstanceAsync(new() { ["Springest:Webhooks:ReceiveTimeout"] = "00:00:01" });
        using var sender = await StallAsync(app);

        Assert.Equal("HTTP/1.1 408 Request Timeout", await new StreamReader(sender).ReadLineAsync(Cancellation));
        Assert.Equal(0, app.Get<BodyMemory>().Held);
    }

    [Theory]
    [InlineData("small", null, HttpStatusCode.OK)]
    [InlineData("large", null, HttpStatusCode.OK)]
    [InlineData("whole pieces", null, HttpStatusCode.OK)]
    [InlineData("UTF-16", null, HttpStatusCode.OK)]
    [InlineData("gzip", "gzip", HttpStatusCode.OK)]
    [InlineData("no JSON", null, HttpStatusCode.BadRequest)]
    [InlineData("no text", null, HttpStatusCode.BadRequest)]
    [InlineData("large", "gzip", HttpStatusCode.BadRequest)]
    [InlineData("half of a gzip", "gzip", HttpStatusCode.BadRequest)]
    [InlineData("too large", null, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("too large inflated", "gzip", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("large", "br", HttpStatusCode.UnsupportedMediaType)]
    public async Task Whatever_becomes_of_a_body_its_memory_is_given_back(string what, string? encoding, HttpStatusCode expected)
    {
        var answer = await _webhooks.PostAsync(
            what switch
            {
                "small" => "{\"changes\":[]}"u8.ToArray(),
                "large" => Body(),
                "whole pieces" => Body(2 * BodyMemory.PieceBytes),
                "UTF-16" => Encoding.Unicode.GetBytes($$"""{"changes":[],"note":"{{new string('ë', 100_000)}}"}"""),
                "gzip" => WebhookBodies.Gzip(Body()),
                "no JSON" => Body()[..^1],
                "no text" => [.. Body(), 0xC3, 0x28],
                "half of a gzip" => WebhookBodies.Gzip(Body()) is var packed ? packed[..(packed.Length / 2)] : [],
                "too large" => Body((1024 * 1024) + 1),
                _ => WebhookBodies.Gzip(Body((1024 * 1024) + 1)),
            },
            encoding: encoding);

        Assert.Equal(expected, answer.Status);
        Assert.Equal(0, Memory.Held);
    }

    [Fact(Timeout = 600_000)]
    public async Task A_body_is_held_while_it_is_being_written_although_its_sender_has_gone()
    {
        var (isWriting, mayWrite) = (new TaskCompletionSource(), new TaskCompletionSource());
        _storage.Exchange = async (request, send) =>
        {
            if (request.Path.Value!.Contains(WebhookStorage.Bodies, StringComparison.Ordinal))
            {
                isWriting.TrySetResult();
                await mayWrite.Task;
            }

            return await send();
        };

        using (var sender = await ConnectAsync(_app, "Content-Encoding: gzip\r\n"))
        {
            // Held is what it is inflated to, and not what was sent.
            await ChunkAsync(sender, WebhookBodies.Gzip(Body()));
            await sender.WriteAsync("0\r\n\r\n"u8.ToArray(), Cancellation);
            await isWriting.Task.WaitAsync(Cancellation);
            Assert.Equal(SizeInPieces, Memory.Held);
            sender.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        await _aborted.First.WaitAsync(Cancellation);
        Assert.Equal(SizeInPieces, Memory.Held);
        mayWrite.SetResult();

        await HoldsAsync(0);
        Assert.Single(await _webhooks.BodiesAsync());
    }

    private static byte[] Body(int size = Size)
    {
        var body = new byte[size];
        Array.Fill(body, (byte)' ');
        "{\"changes\":["u8.CopyTo(body);
        "]}"u8.CopyTo(body.AsSpan(size - 2));
        return body;
    }

    /// <summary>Sends all but the end of a body.</summary>
    private static async Task<NetworkStream> StallAsync(TestApp app)
    {
        var sender = await ConnectAsync(app, "");
        await ChunkAsync(sender, Body());
        return sender;
    }

    private static async Task<NetworkStream> ConnectAsync(TestApp app, string headers)
    {
        var (address, socket) = (app.Address, new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        await socket.ConnectAsync(address.Host, address.Port, Cancellation);
        var sender = new NetworkStream(socket, ownsSocket: true);
        var head = $"POST /api/webhooks/nl/trainings HTTP/1.1\r\nHost: app\r\nx-functions-key: {TestApp.FunctionKey}\r\n";
        await sender.WriteAsync(Encoding.ASCII.GetBytes($"{head}{headers}Transfer-Encoding: chunked\r\n\r\n"), Cancellation);
        return sender;
    }

    private static async Task ChunkAsync(NetworkStream sender, byte[] bytes)
    {
        await sender.WriteAsync(Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), Cancellation);
        await sender.WriteAsync(bytes, Cancellation);
        await sender.WriteAsync("\r\n"u8.ToArray(), Cancellation);
    }

    private async Task HoldsAsync(long bytes)
    {
        while (Memory.Held != bytes)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
    }

    /// <summary>Sees when the app is done with a request whose sender has gone.</summary>
    private sealed class AbortedRequests : IStartupFilter
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task First => _first.Task;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, function) =>
            {
                try
                {
                    await function(context);
                }
                finally
                {
                    if (context.RequestAborted.IsCancellationRequested)
                        _first.TrySetResult();
                }
            });
            next(app);
        };
    }
}
