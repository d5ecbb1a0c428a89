using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Springest.Simulator.Behaviours;

namespace Springest.Client.Tests;

public sealed class ResilienceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FaultKind.Answer, 500)]
    [InlineData(FaultKind.Answer, 502)]
    [InlineData(FaultKind.Answer, 503)]
    [InlineData(FaultKind.Answer, 504)]
    [InlineData(FaultKind.Answer, 429)]
    [InlineData(FaultKind.Close, 0)]
    [InlineData(FaultKind.Truncate, 0)]
    public async Task A_read_is_tried_again_after_a_passing_fault(FaultKind kind, int status)
    {
        await using var api = await Api.StartAsync();
        api.Simulator.Behaviour.Faults.Add(new Fault { Kind = kind, Status = status, Times = 2 });

        var trainings = await api.Client.ListTrainings().Take(5).ToListAsync(Cancellation);

        Assert.Equal(5, trainings.Count);
        Assert.Equal(3, api.Simulator.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    public async Task A_lasting_fault_is_told_at_once(int status)
    {
        await using var api = await Api.StartAsync();
        api.Simulator.Behaviour.Faults.Add(new Fault { Status = status });

        var fault = await Assert.ThrowsAsync<SpringestException>(() => api.Client.ListSubjects().ToListAsync(Cancellation).AsTask());

        Assert.Equal((HttpStatusCode)status, fault.Status);
        Assert.False(fault.IsTransient);
        Assert.Equal(1, api.Simulator.Requests.Count);
    }

    [Theory]
    [InlineData(FaultKind.Answer, 500, true)]
    [InlineData(FaultKind.Answer, 503, true)]
    [InlineData(FaultKind.Answer, 429, false)]
    [InlineData(FaultKind.Answer, 400, false)]
    [InlineData(FaultKind.Answer, 302, true)]
    [InlineData(FaultKind.Close, 0, true)]
    [InlineData(FaultKind.Truncate, 0, true)]
    public async Task A_write_is_sent_once_and_tells_whether_it_may_have_happened(FaultKind kind, int status, bool unknown)
    {
        await using var api = await Api.StartAsync();
        api.Simulator.Behaviour.Faults.Add(new Fault { Method = "POST", Kind = kind, Status = status });

        var fault = await Assert.ThrowsAsync<SpringestException>(() =>
            api.Client.CreateCertificateAsync(Uploads.Certificate(), Cancellation));

        Assert.Equal(unknown, fault.OutcomeUnknown);
        Assert.Equal(1, api.Simulator.Requests.Count);
    }

    [Fact]
    public async Task A_write_that_nobody_heard_is_tried_again()
    {
        // A port that was free a moment ago.
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var host = new Uri($"http://{listener.LocalEndpoint}");
        listener.Stop();
        await using var services = Api.Services(host);
        var client = services.GetRequiredService<SpringestClient>();
        var permits = 0;

        var fault = await Assert.ThrowsAsync<SpringestException>(() => client
            .WithRateLimiter(_ => new CountingLimiter(() => permits++)).CreateCertificateAsync(Uploads.Certificate(), Cancellation));

        Assert.False(fault.OutcomeUnknown);
        Assert.True(fault.IsTransient);
        Assert.Null(fault.Status);
        Assert.Equal(4, permits);
    }

    [Fact]
    public async Task Without_a_permit_nothing_is_sent()
    {
        await using var api = await Api.StartAsync();
        using var limiter = new FixedWindowRateLimiter(new() { PermitLimit = 1, Window = TimeSpan.FromHours(1), QueueLimit = 0 });
        var client = api.Client.WithRateLimiter(_ => limiter);

        await client.ListSubjects().FirstAsync(Cancellation);
        var fault = await Assert.ThrowsAsync<SpringestException>(() => client.ListSubjects().FirstAsync(Cancellation).AsTask());

        Assert.True(fault.RateLimited);
        Assert.True(fault.IsTransient);
        Assert.InRange(fault.RetryAfter!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60));
        Assert.Equal(1, api.Simulator.Requests.Count);
    }

    [Fact]
    public async Task Content_is_prepared_only_for_a_request_that_may_be_sent()
    {
        await using var api = await Api.StartAsync();
        using var limiter = new FixedWindowRateLimiter(new() { PermitLimit = 1, Window = TimeSpan.FromHours(1), QueueLimit = 0 });
        var client = api.Client.WithRateLimiter(_ => new CountingLimiter(() => { }, limiter));
        var prepared = 0;
        var upload = Uploads.Certificate() with { Prepare = _ => Task.FromResult(prepared++) };
        var broken = upload with { Prepare = _ => throw new IOException("The disk is full.") };

        await Assert.ThrowsAsync<IOException>(() => client.CreateCertificateAsync(broken, Cancellation));
        Assert.Equal(0, api.Simulator.Requests.Count);
        await client.CreateCertificateAsync(upload, Cancellation);
        var fault = await Assert.ThrowsAsync<SpringestException>(() => client.CreateCertificateAsync(upload, Cancellation));

        Assert.True(fault.RateLimited);
        Assert.Equal(1, prepared);
        Assert.Equal(1, api.Simulator.Requests.Count);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task The_servers_word_to_wait_reaches_the_limiter_and_the_caller(string encoding)
    {
        await using var api = await Api.StartAsync();
        // Whatever it is said to be, the body is plain text.
        api.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Status = 429,
                Headers = new Dictionary<string, string> { ["Retry-After"] = "1800", ["Content-Encoding"] = encoding },
            });
        var heard = new List<(SpringestKey, TimeSpan?)>();
        var client = api.Client.WithRateLimiter(_ => null, (key, wait, _) =>
        {
            heard.Add((key, wait));
            return ValueTask.CompletedTask;
        });

        var fault = await Assert.ThrowsAsync<SpringestException>(() => client.ListCertifications().FirstAsync(Cancellation).AsTask());

        Assert.Equal([(SpringestKey.Certifications, TimeSpan.FromMinutes(30))], heard);
        Assert.Equal(TimeSpan.FromMinutes(30), fault.RetryAfter);
        Assert.Equal(1, api.Simulator.Requests.Count);
    }

    [Fact]
    public async Task A_status_counts_though_its_body_does_not_come_in_time()
    {
        var clock = new FakeTimeProvider();
        await using var server = await CannedServer.StartAsync(
            async context =>
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "1800";
                await context.Response.WriteAsync("{", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            },
            services: services => Between(services, async send =>
            {
                var response = await send();
                clock.Advance(new SpringestSiteOptions().AttemptTimeout);
                return response;
            }).AddSingleton<TimeProvider>(clock));
        var heard = new List<TimeSpan?>();
        var client = server.Client.WithRateLimiter(_ => null, (_, wait, _) =>
        {
            heard.Add(wait);
            return ValueTask.CompletedTask;
        });

        var fault = await Assert.ThrowsAsync<SpringestException>(() =>
            client.CreateCertificateAsync(Uploads.Certificate(), Cancellation));

        Assert.Equal((HttpStatusCode.TooManyRequests, WriteOutcome.Waiting), (fault.Status, fault.Outcome));
        Assert.Equal([TimeSpan.FromMinutes(30)], heard);
    }

    /// <summary>As .NET says it.</summary>
    [Fact]
    public async Task A_connection_that_takes_too_long_is_none()
    {
        await using var services = Api.Services(
            new Uri("http://127.0.0.1:9"), site => site.Retries = 0,
            more => Between(more, _ => throw new TaskCanceledException("Timed out.", new TimeoutException())));

        var fault = await Assert.ThrowsAsync<SpringestException>(() =>
            services.GetRequiredService<SpringestClient>().CreateCertificateAsync(Uploads.Certificate(), Cancellation));

        Assert.Equal(WriteOutcome.Waiting, fault.Outcome);
        Assert.Contains("got no answer: no connection", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>What the program puts between the client and the transport.</summary>
    private static IServiceCollection Between(
        IServiceCollection services, Func<Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> exchange)
        => services.AddHttpClient("Springest.nl").AddHttpMessageHandler(() => new Handler(exchange)).Services;

    private sealed class Handler(Func<Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> exchange) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => exchange(() => base.SendAsync(request, cancellationToken));
    }
}
