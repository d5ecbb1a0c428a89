using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>Posts a webhook as no client library would: byte by byte over a socket.</summary>
internal sealed class RawSender : IAsyncDisposable
{
    private readonly App _app;
    private readonly Stream _stream;

    private RawSender(App app, Stream stream) => (_app, _stream) = (app, stream);

    public static async Task<RawSender> ConnectAsync(App app)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(app.Address.Host, app.Address.Port, TestContext.Current.CancellationToken);
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (app.Address.Scheme is "http")
            return new(app, stream);
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(app.Address.Host);
        return new(app, secure);
    }

    /// <summary>The head of the request.</summary>
    /// <param name="length">The header that says how long the body is.</param>
    public Task BeginAsync(string length) => SendAsync(
        $"POST /api/webhooks/{App.Site}/trainings HTTP/1.1\r\nHost: {_app.Address.Authority}\r\nx-functions-key: {_app.Keys.Function}\r\n"
        + $"Content-Type: application/json\r\nConnection: close\r\n{length}\r\n\r\n");

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Goes on sending, a piece after each pause, until there is an answer or the other side hangs up.</summary>
    public async Task<Answer?> TrickleAsync(IEnumerable<string> pieces, TimeSpan pause)
    {
        var answer = AnswerAsync();
        foreach (var piece in pieces)
        {
            await Task.WhenAny(answer, Task.Delay(pause, TimeProvider.System, TestContext.Current.CancellationToken));
            if (answer.IsCompleted)
                break;
            try
            {
                await SendAsync(piece);
            }
            catch (IOException)
            {
                // It hung up; what it said before is the answer.
                break;
            }
        }

        return await answer;
    }

    /// <summary>What came back until the other side hung up; null if that was nothing.</summary>
    public async Task<Answer?> AnswerAsync()
    {
        var received = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(received, TestContext.Current.CancellationToken).WaitAsync(Eventually.Patience, TimeProvider.System);
        }
        catch (IOException)
        {
            // Reset: what had come by then counts.
        }

        var text = Encoding.UTF8.GetString(received.ToArray());
        if (text.StartsWith("HTTP/1.1 100", StringComparison.Ordinal))
            text = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        if (text.Length == 0)
            return null;
        var (head, body) = (text.Split("\r\n\r\n")[0].Split("\r\n"), text.Split("\r\n\r\n", 2)[^1]);
        var headers = head.Skip(1).Select(line => line.Split(": ", 2))
            .GroupBy(header => header[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(
                header => header.Key,
                header => string.Join(", ", header.Select(each => each[1])),
                StringComparer.OrdinalIgnoreCase);
        return new((HttpStatusCode)int.Parse(head[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), headers, body);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
