using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Recording;

namespace Springest.Client.Tests;

/// <summary>When the client tries again, how long it waits, and when it gives up.</summary>
public sealed class RetryTests
{
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(29);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(119);

    private readonly PauseSkipper _clock = new(s_attempt, s_deadline);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Retry_After_in_seconds_is_waited_for(int status)
    {
        await using var api = await StartAsync();
        api.Simulator.Behaviour.Faults.Add(Fault(status, "7", times: 1));

        await api.Client.ListSubjects().FirstAsync(Cancellation);

        Assert.Equal([TimeSpan.FromSeconds(7)], _clock.Pauses);
    }

    [Fact]
    public async Task Retry_After_as_a_date_is_waited_for()
    {
        await using var api = await StartAsync();
        var date = TimeProvider.System.GetUtcNow().AddSeconds(20).ToString("R", CultureInfo.InvariantCulture);
        api.Simulator.Behaviour.Faults.Add(Fault(503, date, times: 1));

        await api.Client.ListSubjects().FirstAsync(Cancellation);

        Assert.InRange(Assert.Single(_clock.Pauses), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Retry_After_beyond_the_limit_is_left_to_the_caller()
    {
        await using var api = await StartAsync();
        api.Simulator.Behaviour.Faults.Add(Fault(503, "31"));

        var fault = await Assert.ThrowsAsync<SpringestException>(() => api.Client.ListSubjects().FirstAsync(Cancellation).AsTask());

        Assert.Equal(TimeSpan.FromSeconds(31), fault.RetryAfter);
        Assert.True(fault.IsTransient);
        Assert.Empty(_clock.Pauses);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData(null)]
    public async Task Without_a_usable_Retry_After_pauses_grow_with_jitter(string? header)
    {
        await using var api = await StartAsync(site => (site.Retries, site.RetryDelay) = (7, TimeSpan.FromSeconds(1)));
        api.Simulator.Behaviour.Faults.Add(Fault(500, header));

        var fault = await Assert.ThrowsAsync<SpringestException>(() => api.Client.ListSubjects().FirstAsync(Cancellation).AsTask());

        Assert.Null(fault.RetryAfter);
        Assert.Equal(8, api.Simulator.Requests.Count);
        Assert.Equal(7, _clock.Pauses.Count);
        Assert.Equal(7, _clock.Pauses.Distinct().Count());
        // Together they double with each. If each were only a second longer than the one before, they would be 35 seconds at most.
        Assert.InRange(_clock.Pauses.Take(3).Sum(pause => pause.TotalSeconds), 2.8, 5.8);
        Assert.InRange(_clock.Pauses.Sum(pause => pause.TotalSeconds), 45, 92);
    }

    [Fact]
    public async Task A_date_that_is_past_means_at_once()
    {
        await using var api = await StartAsync();
        api.Simulator.Behaviour.Faults.Add(Fault(503, "Mon, 05 Jan 2015 08:00:00 GMT", times: 1));

        await api.Client.ListSubjects().FirstAsync(Cancellation);

        Assert.Equal(2, api.Simulator.Requests.Count);
        Assert.Empty(_clock.Pauses);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_given_up()
    {
        var clock = new FakeTimeProvider();
        await using var api = await StartAsync(site => site.Retries = 0, clock);
        api.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Stall });

        var read = api.Client.ListSubjects().FirstAsync(Cancellation).AsTask();
        var write = api.Client.CreateCertificateAsync(Uploads.Certificate(), Cancellation);
        await api.Simulator.Requests.WaitForAsync(request => request.Method == "GET", Cancellation);
        await api.Simulator.Requests.WaitForAsync(request => request.Method == "POST", Cancellation);
        clock.Advance(s_attempt);

        var (readFault, writeFault) = (await Assert.ThrowsAsync<SpringestException>(() => read),
            await Assert.ThrowsAsync<SpringestException>(() => write));
        Assert.Contains("was not answered within 00:00:29", readFault.Message);
        Assert.True(readFault.IsTransient);
        Assert.False(readFault.OutcomeUnknown);
        Assert.True(writeFault.OutcomeUnknown);
    }

    [Fact]
    public async Task The_deadline_ends_all_attempts_and_pauses()
    {
        var clock = new FakeTimeProvider();
        await using var api = await StartAsync(site => site.Deadline = s_attempt, clock);
        // A pause that is certain to be longer than what is left: one that is drawn may be over before the deadline.
        api.Simulator.Behaviour.Faults.Add(Fault(503, "30"));

        var read = api.Client.ListSubjects().FirstAsync(Cancellation).AsTask();
        await api.Simulator.Requests.WaitForAsync(request => request.Status == 503, Cancellation);
        clock.Advance(s_attempt);

        var fault = await Assert.ThrowsAsync<SpringestException>(() => read);
        Assert.Contains("was not done within 00:00:29", fault.Message);
        Assert.Equal(1, api.Simulator.Requests.Count);
    }

    [Fact]
    public async Task Waiting_for_a_permit_does_not_count_against_the_deadline()
    {
        var clock = new FakeTimeProvider();
        await using var api = await StartAsync(clock: clock);
        using var limiter = new CountingLimiter(() => clock.Advance(TimeSpan.FromHours(1)));

        await api.Client.WithRateLimiter(_ => limiter).ListSubjects().FirstAsync(Cancellation);

        Assert.Equal(1, api.Simulator.Requests.Count);
    }

    [Fact]
    public async Task What_is_done_before_an_attempt_does_not_count_against_the_deadline()
    {
        var clock = new FakeTimeProvider();
        await using var api = await StartAsync(clock: clock);
        var upload = Uploads.Certificate() with { Prepare = LastAsync, Begin = LastAsync };

        await api.Client.CreateCertificateAsync(upload, Cancellation);

        Assert.Single(api.Simulator.Certificates.Snapshot());

        Task LastAsync(CancellationToken cancellationToken)
        {
            clock.Advance(s_deadline);
            cancellationToken.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Cancellation_by_neither_caller_nor_deadline_comes_through()
    {
        await using var api = await StartAsync();
        var own = new OperationCanceledException("The storage took too long.");
        var upload = Uploads.Certificate() with { Prepare = _ => Task.FromException(own) };

        Assert.Same(own, await Assert.ThrowsAsync<OperationCanceledException>(
            () => api.Client.CreateCertificateAsync(upload, Cancellation)));
    }

    [Fact]
    public async Task Each_attempt_takes_a_permit()
    {
        await using var api = await StartAsync();
        api.Simulator.Behaviour.Faults.Add(new Fault { Times = 2 });
        var permits = 0;
        using var limiter = new CountingLimiter(() => permits++);

        await api.Client.WithRateLimiter(_ => limiter).ListSubjects().FirstAsync(Cancellation);

        Assert.Equal(3, permits);
    }

    [Fact]
    public async Task List_that_fails_is_left_alone_for_a_while_and_only_it()
    {
        var clock = new FakeTimeProvider();
        await using var api = await StartAsync(site => site.Retries = 0, clock);
        api.Simulator.Behaviour.Faults.Add(new Fault { Path = "/subjects" });
        for (var i = 0; i < 20; i++)
            await FaultAsync(api.Client);

        var refused = await FaultAsync(api.Client);
        Assert.Contains("was not sent, because the last requests of its kind failed", refused.Message);
        Assert.True(refused.IsTransient);
        Assert.NotNull(refused.RetryAfter);
        Assert.Equal(20, api.Simulator.Requests.Count);
        // Who asks in spite of that is answered, and changes nothing for the others.
        var despite = new ListOptions { DespiteFailures = true };
        Assert.Equal(HttpStatusCode.InternalServerError, (await Assert.ThrowsAsync<SpringestException>(
            () => api.Client.ListSubjects(options: despite).FirstAsync(Cancellation).AsTask())).Status);
        Assert.Equal(21, api.Simulator.Requests.Count);
        Assert.Contains("the last requests of its kind failed", (await FaultAsync(api.Client)).Message);
        await api.Client.ListTrainings().FirstAsync(Cancellation);
        await api.Client.CreateCertificateAsync(Uploads.Certificate((await api.Client.ListCertifications().FirstAsync(Cancellation)).Id),
            Cancellation);

        // Time is up, but the one that is let through finds no permit: that proves nothing.
        clock.Advance(TimeSpan.FromSeconds(16));
        using var exhausted = new ConcurrencyLimiter(new() { PermitLimit = 1, QueueLimit = 0 });
        using var taken = exhausted.AttemptAcquire();
        Assert.True((await FaultAsync(api.Client.WithRateLimiter(_ => exhausted))).RateLimited);
        Assert.Contains("the last requests of its kind failed", (await FaultAsync(api.Client)).Message);

        clock.Advance(TimeSpan.FromSeconds(16));
        api.Simulator.Behaviour.Faults.Clear();
        await api.Client.ListSubjects().FirstAsync(Cancellation);
        Assert.Equal(25, api.Simulator.Requests.Count);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled()
    {
        await using var api = await StartAsync();
        api.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Stall });
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var read = api.Client.ListSubjects().FirstAsync(cancellation.Token).AsTask();
        await api.Simulator.Requests.WaitForAsync(_ => true, Cancellation);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task A_cancelled_attempt_is_measured_and_traced()
    {
        await using var api = await StartAsync();
        api.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Stall });
        var (statuses, spans) = (new List<object?>(), new List<Activity>());
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "springest.client.duration" && instrument.Meter.Scope == api.Meters)
                self.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<double>(
            (_, _, tags, _) => statuses.Add(tags.ToArray().Single(tag => tag.Key == "status").Value));
        meters.Start();
        using var test = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Springest.Client",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.TraceId == test.TraceId)
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var read = api.Client.ListSubjects().FirstAsync(cancellation.Token).AsTask();
        await api.Simulator.Requests.WaitForAsync(_ => true, Cancellation);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);

        Assert.Equal("none", Assert.Single(statuses));
        var traced = Assert.Single(spans);
        Assert.Equal(("Springest GET", ActivityStatusCode.Error), (traced.DisplayName, traced.Status));
        Assert.Contains("GET /subjects.json of site 'nl' was broken off by ", traced.StatusDescription);
    }

    [Fact]
    public async Task Who_stops_reading_early_leaves_no_request_behind()
    {
        var underWay = new RequestsUnderWay();
        await using var api = await StartAsync(trainings: 3000, services: services
            => services.AddHttpClient("Springest.nl").AddHttpMessageHandler(() => underWay));
        string[] stalled = ["60", "90", "120", "150", "180", "210", "240"];

        await foreach (var page in api.Client.ListTrainings(options: new ListOptions { Prefetch = 8 }).AsPages())
        {
            if (page.Offset == 0)
            {
                api.Simulator.Behaviour.Faults.Add(
                    new Fault { Kind = FaultKind.Stall, When = request => request.Parameter("offset") != "30" });
                continue;
            }
            foreach (var offset in stalled)
                await api.Simulator.Requests.WaitForAsync(request => request.Parameter("offset") == offset, Cancellation);
            break;
        }

        Assert.Equal(0, underWay.Count);
        foreach (var offset in stalled)
        {
            await api.Simulator.Requests.WaitForAsync(
                request => request.Parameter("offset") == offset && request.Outcome == RequestOutcome.Abandoned, Cancellation);
        }
        Assert.Equal(2 + stalled.Length, api.Simulator.Requests.Count);
    }

    private static Fault Fault(int status, string? retryAfter, int? times = null) => new()
    {
        Status = status,
        Times = times,
        Headers = retryAfter is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Retry-After"] = retryAfter },
    };

    private static Task<SpringestException> FaultAsync(SpringestClient client)
        => Assert.ThrowsAsync<SpringestException>(() => client.ListSubjects().FirstAsync(Cancellation).AsTask());

    private Task<Api> StartAsync(
        Action<SpringestSiteOptions>? configure = null, TimeProvider? clock = null, int trainings = 40,
        Action<IServiceCollection>? services = null)
        => Api.StartAsync(
        new() { Trainings = trainings },
        site =>
        {
            (site.AttemptTimeout, site.Deadline) = (s_attempt, s_deadline);
            configure?.Invoke(site);
        },
        more =>
        {
            more.AddSingleton(clock ?? _clock);
            services?.Invoke(more);
        });

    private sealed class RequestsUnderWay : DelegatingHandler
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }
}
