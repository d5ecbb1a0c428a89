using System.Net.Sockets;
using System.Text;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>
/// Senders that no client library imitates: wrong lengths, broken chunks, slow ones, those that go away. Byte by byte over a socket.
/// </summary>
public sealed class WebhookSocketTests(AzuriteFixture azurite, WebhookSocketTests.Apps apps) : IClassFixture<WebhookSocketTests.Apps>
{
    private static readonly string Good = WebhookBodies.Changes(WebhookBodies.Update(7));

    /// <summary>Headers and what follows them, after which the sender waits for an answer; and the status expected.</summary>
    public static TheoryData<string, string, int> Lies => new()
    {
        { "Content-Length: 20", Good, 400 },
        { "Content-Length: 2000", Good, 408 },
        { "Content-Length: 0", Good, 400 },
        { "", Good, 400 },
        { "Content-Length: -5", Good, 400 },
        { "Content-Length: many", Good, 400 },
        { "Content-Length: 99999999999999999999", Good, 400 },
        { $"Content-Length: {Good.Length}\r\nContent-Length: 5", Good, 400 },
        { "Content-Length: 1048577", Good, 413 },
        { "Content-Length: 9223372036854775807", Good, 413 },
        { "Transfer-Encoding: chunked", $"5\r\n{Good[..5]}\r\n", 408 },
        { "Transfer-Encoding: chunked", $"zz\r\n{Good}\r\n0\r\n\r\n", 400 },
        { "Transfer-Encoding: chunked", $"-1\r\n{Good}\r\n0\r\n\r\n", 400 },
        { "Transfer-Encoding: chunked", $"5\r\n{Good}\r\n0\r\n\r\n", 400 },
        { "Transfer-Encoding: chunked", $"{Good.Length:x}\r\n{Good}\r\n", 408 },
        { "Transfer-Encoding: chunked", $"ffffffffffff\r\n{Good}\r\n", 400 },
        { $"Content-Length: {Good.Length}\r\nContent-Encoding: gzip", Good, 400 },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lie_about_the_length_is_refused_and_harms_nobody(string headers, string body, int expected)
    {
        var app = expected == 408 ? apps.Impatient : apps.Patient;

        using var sender = await SendAsync(app, headers, Encoding.ASCII.GetBytes(body));

        Assert.Equal(expected, await StatusAsync(sender));
        await NothingIsStoredAsync(app);
    }

    [Fact]
    public async Task A_body_in_chunks_of_one_byte_is_taken()
    {
        await using var app = await StartAsync(azurite, patient: true);
        var chunks = string.Concat(Good.Select(character => $"1\r\n{character}\r\n"));

        using var sender = await SendAsync(app, "Transfer-Encoding: chunked", Encoding.ASCII.GetBytes($"{chunks}0\r\n\r\n"));

        Assert.Equal(200, await StatusAsync(sender));
    }

    [Fact]
    public async Task Gzip_that_breaks_off_is_refused()
    {
        var half = WebhookBodies.Gzip(Encoding.ASCII.GetBytes(Good))[..40];

        using var sender = await SendAsync(apps.Patient, $"Content-Length: {half.Length}\r\nContent-Encoding: gzip", half);

        Assert.Equal(400, await StatusAsync(sender));
        await NothingIsStoredAsync(apps.Patient);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_sends_a_byte_now_and_then_is_not_waited_for(bool isChunked)
    {
        using var sender = await SendAsync(
            apps.Impatient, isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {Good.Length}", []);
        var status = StatusAsync(sender);

        for (var i = 0; i < Good.Length && !status.IsCompleted; i++)
        {
            await sender.WriteAsync(
                Encoding.ASCII.GetBytes(isChunked ? $"1\r\n{Good[i]}\r\n" : $"{Good[i]}"),
                TestContext.Current.CancellationToken);
            await Task.WhenAny(status, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        Assert.Equal(408, await status);
        await NothingIsStoredAsync(apps.Impatient);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_goes_away_in_the_middle_leaves_nothing_behind(bool withReset)
    {
        await using var app = await StartAsync(azurite, patient: true);
        var webhooks = new WebhookDriver(app);
        for (var i = 0; i < 20; i++)
        {
            var part = Encoding.ASCII.GetBytes(Good[..(i * Good.Length / 20)]);
            using var sender = await SendAsync(app, $"Content-Length: {Good.Length}", part);
            if (withReset)
                sender.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
            sender.Close();
        }

        // The next one's answer comes after all of them were begun.
        Assert.Equal((1, 0, 0), (await webhooks.PostAsync(Good)).Counts);
        Assert.Single(await webhooks.DeliveriesAsync());
        Assert.Single(await webhooks.BodiesAsync());
    }

    /// <param name="patient">Whether a sender is waited for, however busy the machine is.</param>
    private static Task<TestApp> StartAsync(AzuriteFixture azurite, bool patient)
        => TestApp.StartAsync(
            azurite.Azurite,
            settings: new()
            {
                ["Springest:Webhooks:InlineBudget"] = "00:00:00",
                ["Springest:Webhooks:ReceiveTimeout"] = patient ? "00:03:00" : "00:00:01",
            });

    private static async Task<NetworkStream> SendAsync(TestApp app, string headers, byte[] body)
    {
        var (address, socket) = (app.Http.BaseAddress!, new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var sender = new NetworkStream(socket, ownsSocket: true);
        var head =
            $"POST /api/webhooks/nl/trainings HTTP/1.1\r\nHost: app\r\nx-functions-key: {TestApp.FunctionKey}\r\nContent-Type: "
                + "application/json\r\n"
            + (headers.Length > 0 ? $"{headers}\r\n\r\n" : "\r\n");
        await sender.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        await sender.WriteAsync(body, TestContext.Current.CancellationToken);
        return sender;
    }

    private static async Task<int> StatusAsync(NetworkStream sender)
    {
        using var reader = new StreamReader(sender, Encoding.ASCII);
        var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        return int.Parse(line!.Split(' ')[1]);
    }

    private static async Task NothingIsStoredAsync(TestApp app)
    {
        var webhooks = new WebhookDriver(app);
        Assert.Empty(await webhooks.BodiesAsync());
        Assert.Empty(await webhooks.DeliveriesAsync());
        Assert.Empty(await webhooks.InboxAsync());
    }

    /// <summary>Apps for all who leave nothing behind.</summary>
    public sealed class Apps(AzuriteFixture azurite) : IAsyncLifetime
    {
        internal TestApp Patient { get; private set; } = null!;

        internal TestApp Impatient { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Patient = await StartAsync(azurite, patient: true);
            Impatient = await StartAsync(azurite, patient: false);
        }

        public async ValueTask DisposeAsync()
        {
            await Impatient.DisposeAsync();
            await Patient.DisposeAsync();
        }
    }
}
