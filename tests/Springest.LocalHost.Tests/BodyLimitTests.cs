using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Springest.LocalHost.Tests;

/// <summary>What the platform does with bodies that are too large or too slow.</summary>
public sealed class BodyLimitTests(HostFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Body_beyond_the_limit_or_too_slow_is_an_empty_500()
    {
        await using var host = await SampleHost.StartAsync(SampleHost.Settings(
            azurite.ConnectionString, ("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "100000"), ("AzureWebJobsDisableHomepage", "true")));

        var answers = await Task.WhenAll(
            SendRawAsync(host, "Content-Length: 100001\r\n\r\n"),
            SendRawAsync(host, $"Transfer-Encoding: chunked\r\n\r\n186A1\r\n{new string('x', 100001)}\r\n0\r\n\r\n"),
            SendRawAsync(host, "Content-Length: 100\r\n\r\nstalled"));
        using var whole = await host.SendAsync(HttpMethod.Post, "sample/echo", new ByteArrayContent(new byte[100000]));
        using var home = await host.GetAsync("");

        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 500 ", answer, StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, home.StatusCode);
    }

    private static async Task<string> SendRawAsync(SampleHost host, string rest)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Process.Address.Host, host.Process.Address.Port, Cancellation);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /sample/echo HTTP/1.1\r\nHost: x\r\nx-functions-key: {SampleHost.FunctionKey}\r\n{rest}"),
            Cancellation);
        using var reader = new StreamReader(stream);
        var answer = new StringBuilder();
        while (await reader.ReadLineAsync(Cancellation) is { } line)
        {
            answer.Append(line).Append("\r\n");
            if (line.Length == 0)
                break;
        }

        return answer.ToString();
    }
}
