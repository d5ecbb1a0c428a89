using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost.Tests;

public sealed class SecretTests
{
    private const string Setting = "canary-setting-value-99";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_key_header_or_setting_appears_in_any_log_or_trace_at_any_level()
    {
        var activities = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => activities.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Baggage)}"),
        };
        ActivitySource.AddActivityListener(listener);
        var eager = new LogRecorder();
        var host = await TestHost.StartAsync(
            typeof(Samples), settings: new() { ["Some:Setting"] = Setting, ["Schedule"] = "0 0 0 1 1 *" },
            // The app asks for everything, for all and for one provider by name.
            services: services => services.AddLogging(logging => logging
                .AddProvider(eager)
                .AddFilter((string?)null, LogLevel.Trace)
                .AddFilter("Microsoft.AspNetCore", LogLevel.Trace)
                .AddFilter<LogRecorder>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Trace)));

        await using (host)
        {
            foreach (var address in (string[])["api/Fine", "api/Fails", "api/nowhere", "api/Admin", "admin/functions/Timer", "admin/functions/none", "api/numbers/x"])
                foreach (var key in (string[])[TestHost.FunctionKey, TestHost.MasterKey, "canary-wrong-key"])
                {
                    using var byQuery = await host.Http.PostAsync($"{address}?code={key}", new StringContent("canary-body"), Cancellation);
                    using var request = new HttpRequestMessage(HttpMethod.Get, address);
                    request.Headers.Add("x-functions-key", key);
                    request.Headers.Add("authorization", "canary-authorization");
                    using var byHeader = await host.Http.SendAsync(request, Cancellation);
                }

            await SendRawAsync(host, $"GET /api/Fine?code={TestHost.FunctionKey} HTTP/9.9\r\n\r\n");
            await SendRawAsync(host, $"GET /api/Fine?code={TestHost.FunctionKey}\r\n\r\n");
            await SendRawAsync(host, $"GE\tT /api/Fine?code={TestHost.FunctionKey} HTTP/1.1\r\n\r\n");
            await SendRawAsync(host, $"GET /api/Fine HTTP/1.1\r\nHost: x\r\nx-functions-key {TestHost.FunctionKey}\r\n\r\n");
            await SendRawAsync(host, $"GET /api/Fine?code=%ZZ{TestHost.FunctionKey} HTTP/1.1\r\nHost: ::::\r\n\r\n");
        }

        Assert.Contains(host.Log.Lines, line => line.Contains("Fine succeeded", StringComparison.Ordinal));
        Assert.Contains(host.Log.Lines, line => line.Contains("Fails failed", StringComparison.Ordinal));
        Assert.Contains(activities, activity => activity.Contains("api/Fine", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Log.Lines.Concat(eager.Lines).Concat(activities), line => line.Contains("canary", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task SendRawAsync(TestHost host, string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Functions.Address.Host, host.Functions.Address.Port, Cancellation);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        connection.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        await reader.ReadToEndAsync(Cancellation);
    }

    public static class Samples
    {
        [Function("Fine")]
        public static HttpResponseData Fine([HttpTrigger] HttpRequestData request) => request.CreateResponse();

        [Function("Fails")]
        public static HttpResponseData Fails([HttpTrigger] HttpRequestData request) => throw new InvalidOperationException("An ordinary fault.");

        [Function("Admin")]
        public static HttpResponseData Admin([HttpTrigger(AuthorizationLevel.Admin)] HttpRequestData request) => request.CreateResponse();

        [Function("Numbers")]
        public static HttpResponseData Numbers([HttpTrigger(Route = "numbers/{number}")] HttpRequestData request, int number) => request.CreateResponse();

        [Function("Timer")]
        public static void Timer([TimerTrigger("%Schedule%")] TimerInfo timer) => _ = timer;
    }
}
