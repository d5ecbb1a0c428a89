using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Springest.LocalHost.Tests;

public sealed class StopTests
{
    private readonly Release _release = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_timer_ends_in_peace_before_the_services_stop()
    {
        await using var host = await StartAsync(stopGrace: TimeSpan.FromMinutes(1));
        var run = host.Functions.InvokeTimerAsync("Timer", Cancellation);
        Assert.Equal("timer runs", await host.Journal.NextAsync());
        Assert.True(await PostAsync(host) is HttpStatusCode.Accepted);
        Assert.Equal("timer runs", await host.Journal.NextAsync());

        var stop = host.Functions.StopAsync(Cancellation);
        Assert.False(stop.IsCompleted);
        _release.Signal.SetResult();
        await stop;
        await run;

        Assert.Equal(["timer done, token is live", "timer done, token is live", "service stops"], host.Journal.Rest().OrderBy(line => line == "service stops"));
    }

    [Fact]
    public async Task A_request_under_way_is_answered_and_a_new_one_is_not_taken()
    {
        await using var host = await StartAsync(stopGrace: TimeSpan.FromMinutes(1));
        var request = host.SendAsync(HttpMethod.Get, "api/Request");
        Assert.Equal("request runs", await host.Journal.NextAsync());

        var stop = host.Functions.StopAsync(Cancellation);
        var refused = await Record.ExceptionAsync(async () =>
        {
            using var answer = await host.SendAsync(HttpMethod.Get, "api/Request");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        });
        _release.Signal.SetResult();
        using var response = await request;
        await stop;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(refused is null or HttpRequestException, $"{refused}");
        Assert.Equal(["service stops"], host.Journal.Rest());
    }

    [Fact]
    public async Task After_the_grace_the_tokens_are_cancelled()
    {
        await using var host = await StartAsync(stopGrace: TimeSpan.FromMilliseconds(50));
        var timer = host.Functions.InvokeTimerAsync("Timer", Cancellation);
        var request = host.SendAsync(HttpMethod.Get, "api/Request");
        Assert.Equal(["request runs", "timer runs"], new[] { await host.Journal.NextAsync(), await host.Journal.NextAsync() }.Order());

        await host.Functions.StopAsync(Cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => timer);
        using var response = await request;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task A_function_that_does_not_heed_its_token_is_left_behind()
    {
        await using var host = await StartAsync(stopGrace: TimeSpan.Zero);
        Assert.True(await PostAsync(host, "Stubborn") is HttpStatusCode.Accepted);
        Assert.Equal("stubborn runs", await host.Journal.NextAsync());

        await host.Functions.StopAsync(Cancellation);

        Assert.Equal(["service stops"], host.Journal.Rest());
        _release.Signal.SetResult();
    }

    [Fact]
    public async Task Stopping_twice_and_disposing_twice_does_no_harm()
    {
        var host = await StartAsync();

        await Task.WhenAll(host.Functions.StopAsync(Cancellation), host.Functions.StopAsync(Cancellation));
        await host.DisposeAsync();
        await host.Functions.DisposeAsync();

        Assert.Equal(["service stops"], host.Journal.Rest());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_in_a_sentence_and_nothing_stays_behind()
    {
        await using var host = await StartAsync();
        var journal = new Journal();

        var exception = await Assert.ThrowsAsync<FunctionsHostException>(() => FunctionsHost.StartAsync(new()
        {
            Assembly = typeof(Samples).Assembly,
            Classes = [typeof(Samples)],
            Configuration = new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(),
            Port = host.Functions.Address.Port,
            ConfigureServices = services => services.AddSingleton(journal).AddSingleton(_release).AddHostedService<Service>(),
        }, Cancellation));

        Assert.Equal($"Port {host.Functions.Address.Port} of 127.0.0.1 is taken. Choose another, or 0 for a free one.", exception.Message);
        Assert.Equal(["service stops"], journal.Rest());
    }

    private Task<TestHost> StartAsync(TimeSpan? stopGrace = null) => TestHost.StartAsync(
        typeof(Samples), stopGrace: stopGrace, services: services => services.AddSingleton(_release).AddHostedService<Service>());

    private static async Task<HttpStatusCode> PostAsync(TestHost host, string timer = "Timer")
    {
        using var response = await host.Http.PostAsync($"admin/functions/{timer}?code={TestHost.MasterKey}", new StringContent("{}"), Cancellation);
        return response.StatusCode;
    }

    public sealed class Release
    {
        public TaskCompletionSource Signal { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Service(Journal journal) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            journal.Write("service stops");
            return Task.CompletedTask;
        }
    }

    public sealed class Samples(Journal journal, Release release)
    {
        [Function("Timer")]
        public async Task TimerAsync([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, CancellationToken cancellationToken)
        {
            journal.Write("timer runs");
            await release.Signal.Task.WaitAsync(cancellationToken);
            journal.Write($"timer done, token is {(cancellationToken.IsCancellationRequested ? "cancelled" : "live")}");
        }

        [Function("Stubborn")]
        public async Task StubbornAsync([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer)
        {
            journal.Write("stubborn runs");
            await release.Signal.Task;
        }

        [Function("Request")]
        public async Task<HttpResponseData> RequestAsync([HttpTrigger] HttpRequestData request, FunctionContext context)
        {
            journal.Write("request runs");
            await release.Signal.Task.WaitAsync(context.CancellationToken);
            return request.CreateResponse();
        }
    }
}
