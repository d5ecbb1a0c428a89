using System.Net.Sockets;
using System.Text;

namespace Springest.LocalHost.Tests;

public sealed class SecretTests(HostFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The sample's host.json asks for everything, and so does its worker.</summary>
    [Fact]
    public async Task No_key_header_setting_or_blob_name_appears_in_the_log_at_any_level()
    {
        var settings = SampleHost.Settings(
            azurite.ConnectionString,
            ("Sample__LogEverything", "true"),
            ("Sample__Secret", "canary-setting"));
        await using var host = await SampleHost.StartAsync(settings);
        foreach (
            var address in (string[])
                [
                    "sample/Open",
                    "sample/echo",
                    "sample/Throws",
                    "sample/nowhere",
                    "sample/Admin",
                    "admin/functions/Yearly",
                    "admin/functions/none",
                    "runtime/webhooks/blobs",
                ])
        foreach (var key in (string[])[SampleHost.FunctionKey, SampleHost.MasterKey, SampleHost.SystemKey, "canary-wrong"])
        {
            using var byQuery = await host.Http.PostAsync($"{address}?code={key}", new StringContent("canary-body"), Cancellation);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add("x-functions-key", key);
            request.Headers.Add("authorization", "canary-authorization");
            using var byHeader = await host.Http.SendAsync(request, Cancellation);
        }

        await SendRawAsync(host, $"GET /sample/echo?code={SampleHost.FunctionKey} HTTP/9.9\r\n\r\n");
        await SendRawAsync(host, $"GET /sample/echo?code={SampleHost.FunctionKey}\r\n\r\n");
        await SendRawAsync(host, $"GET /sample/echo HTTP/1.1\r\nHost: x\r\nx-functions-key {SampleHost.FunctionKey}\r\n\r\n");
        await SendRawAsync(host, $"GET /sample/echo?code=%ZZ{SampleHost.FunctionKey} HTTP/1.1\r\nHost: ::::\r\n\r\n");
        await host.WaitForAsync("Executed 'Functions.Yearly'");

        await host.Process.StopAsync(Cancellation);
        var log = await HttpTests.ReadAsync(host.Process.LogFile);
        Assert.Contains("Executed 'Functions.Echo' (Succeeded", log, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", log, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task SendRawAsync(SampleHost host, string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Process.Address.Host, host.Process.Address.Port, Cancellation);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        connection.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        await reader.ReadToEndAsync(Cancellation);
    }
}
