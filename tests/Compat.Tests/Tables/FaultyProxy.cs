using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Compat.Tests.Tables;

/// <summary>
/// Stands between a client and a server: answers requests in the server's place, swallows them, or takes them there and loses the answer.
/// </summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly Task _accepting;
    private int _answersToLose;
    private int _requestsToRefuse;
    private int _requestsToSwallow;
    private string _refusal = "";
    private TaskCompletionSource _swallowed = new();

    public FaultyProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>The next answers reach the proxy, so the server has done its work, but the client sees the connection break.</summary>
    public void LoseAnswers(int count) => Volatile.Write(ref _answersToLose, count);

    /// <summary>The next requests get this status and never reach the server.</summary>
    public void Refuse(int count, string statusLine)
    {
        _refusal = $"HTTP/1.1 {statusLine}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        Volatile.Write(ref _requestsToRefuse, count);
    }

    /// <summary>The next requests reach nobody and get no answer. The task ends when the first is there.</summary>
    public Task SwallowAsync(int count)
    {
        _swallowed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _requestsToSwallow, count);
        return _swallowed.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (_accepting.IsCompleted)
            return;
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_server.Host, _server.Port, _stop.Token);
                await Task.WhenAny(ForwardRequestsAsync(client, server), ForwardAnswersAsync(server, client));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side has gone; so does the other.
            }
        }
    }

    private async Task ForwardRequestsAsync(TcpClient client, TcpClient server)
    {
        var buffer = new byte[64 * 1024];
        while (await client.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            if (Interlocked.Decrement(ref _requestsToSwallow) >= 0)
            {
                _swallowed.TrySetResult();
                continue;
            }

            if (Interlocked.Decrement(ref _requestsToRefuse) >= 0)
            {
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(_refusal), _stop.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                await client.GetStream().CopyToAsync(Stream.Null, _stop.Token);
                return;
            }

            await server.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }

    private async Task ForwardAnswersAsync(TcpClient server, TcpClient client)
    {
        var buffer = new byte[64 * 1024];
        while (await server.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            if (Interlocked.Decrement(ref _answersToLose) >= 0)
            {
                client.Client.LingerState = new LingerOption(true, 0);
                return;
            }

            await client.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
