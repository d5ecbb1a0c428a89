using System.Globalization;
using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Time.Testing;

namespace Springest.LocalHost.Tests;

public sealed class TimerTriggerTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cron_expression_of_six_fields_fires_at_each_of_its_times()
    {
        await using var host = await StartAsync(typeof(Plain), "15 */20 8-9 * * 1");

        await AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(["08:00:15", "08:20:15", "08:40:15", "09:00:15", "09:20:15", "09:40:15"], host.Journal.Rest());
    }

    [Fact]
    public async Task A_time_span_is_the_time_between_two_runs()
    {
        await using var host = await StartAsync(typeof(Plain), "00:25:00");

        await AdvanceAsync(TimeSpan.FromHours(1.5));

        Assert.Equal(["08:25:00", "08:50:00", "09:15:00"], host.Journal.Rest());
    }

    [Fact]
    public async Task A_timer_far_in_the_future_fires_then()
    {
        await using var host = await StartAsync(typeof(Plain), "0 0 0 1 12 *");

        await AdvanceAsync(TimeSpan.FromDays(400), step: TimeSpan.FromHours(1));

        Assert.Equal(["00:00:00"], host.Journal.Rest());
    }

    [Fact]
    public async Task A_timer_whose_time_never_comes_does_no_harm()
    {
        await using var host = await StartAsync(typeof(Plain), "0 0 0 30 2 *");

        await AdvanceAsync(TimeSpan.FromDays(800), step: TimeSpan.FromHours(1));
        await host.Functions.InvokeTimerAsync("Plain", Cancellation);

        Assert.Single(host.Journal.Rest());
    }

    [Fact]
    public async Task A_run_that_takes_longer_than_the_interval_is_not_overlapped()
    {
        var gate = new TaskCompletionSource();
        await using var host = await StartAsync(typeof(Gated), "0 * * * * *", services: gate);
        await AdvanceAsync(TimeSpan.FromMinutes(10.5));
        Assert.Equal(["08:01:00"], host.Journal.Rest());

        gate.SetResult();
        Assert.Equal("done", await host.Journal.NextAsync());
        await AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("08:11:00", await host.Journal.NextAsync());
    }

    [Fact]
    public async Task The_status_tells_the_last_and_this_time()
    {
        await using var host = await StartAsync(typeof(Status), "0 */10 * * * *");

        await AdvanceAsync(TimeSpan.FromMinutes(20));

        Assert.Equal(["0001-01-01T00:00:00 2026-01-05T08:10:00 Utc False", "2026-01-05T08:10:00 2026-01-05T08:20:00 Utc False"], host.Journal.Rest());
    }

    [Theory]
    [InlineData("*/10 * * * * *")]
    [InlineData("0,30 * * * * *")]
    [InlineData("00:00:59")]
    public async Task There_is_no_status_for_schedules_finer_than_a_minute(string schedule)
    {
        await using var host = await StartAsync(typeof(Status), schedule);

        await host.Functions.InvokeTimerAsync("Status", Cancellation);

        Assert.Equal(["none False"], host.Journal.Rest());
    }

    [Fact]
    public async Task A_run_that_comes_much_too_late_is_past_due()
    {
        var asleep = new SleepyTime(_time);
        await using var host = await TestHost.StartAsync(typeof(Status), asleep, Schedule("0 */10 * * * *"));

        asleep.Slept = TimeSpan.FromMinutes(5);
        await AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.EndsWith("True", Assert.Single(host.Journal.Rest()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_on_startup_runs_at_once_and_then_by_schedule()
    {
        await using var host = await StartAsync(typeof(AtStart), "0 0 * * * *");
        Assert.Equal("08:00:00", await host.Journal.NextAsync());

        await AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal("09:00:00", await host.Journal.NextAsync());
    }

    [Fact]
    public async Task A_failed_run_is_logged_and_the_next_comes_in_time()
    {
        await using var host = await StartAsync(typeof(Fails), "0 0 * * * *");

        await AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal(["09:00:00 no retry context", "10:00:00 no retry context"], host.Journal.Rest());
        Assert.Equal(2, host.Log.Lines.Count(line => line.Contains("Fails failed after 0 ms", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Fixed_delay_retries_happen_after_their_delay_within_one_invocation()
    {
        await using var host = await StartAsync(typeof(Retries), "0 0 * * * *");

        await AdvanceAsync(TimeSpan.FromHours(2.1));

        var runs = host.Journal.Rest().Select(line => line.Split(' ')).ToList();
        Assert.Equal(["09:00:00", "09:00:30", "09:01:00", "10:00:00", "10:00:30", "10:01:00"], runs.Select(run => run[0]).Take(6));
        Assert.Equal(["0/2", "1/2", "2/2", "0/2"], runs.Select(run => run[1]).Take(4));
        Assert.Single(runs.Take(3).Select(run => run[2]).Distinct());
        Assert.NotEqual(runs[0][2], runs[3][2]);
    }

    [Fact]
    public async Task Retries_end_with_success()
    {
        await using var host = await StartAsync(typeof(RecoversAtOnce), "0 0 * * * *");

        await AdvanceAsync(TimeSpan.FromHours(1.5));

        Assert.Equal(["0/-1", "1/-1"], host.Journal.Rest());
    }

    [Fact]
    public async Task Exponential_retries_wait_longer_and_longer_up_to_the_maximum()
    {
        await using var host = await StartAsync(typeof(BacksOff), "0 0 0 1 * *");

        await AdvanceAsync(TimeSpan.FromDays(31));

        var times = host.Journal.Rest().Select(time => TimeSpan.Parse(time, CultureInfo.InvariantCulture).TotalSeconds).ToList();
        var waits = times.Zip(times.Skip(1), (first, second) => second - first).ToList();
        Assert.Collection(waits,
            wait => Assert.InRange(wait, 10, 12), wait => Assert.InRange(wait, 16, 24), wait => Assert.InRange(wait, 32, 48),
            wait => Assert.Equal(60, wait, 0.001), wait => Assert.Equal(60, wait, 0.001));
    }

    [Fact]
    public async Task By_hand_a_timer_runs_once_and_throws_what_it_threw()
    {
        await using var host = await StartAsync(typeof(Retries), "0 0 * * * *");

        var thrown = await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => host.Functions.InvokeTimerAsync("retries", Cancellation));

        Assert.Equal("no luck", thrown.Message);
        Assert.Single(host.Journal.Rest());
    }

    [Fact]
    public async Task By_hand_an_unknown_timer_is_an_error_that_names_the_known_ones()
    {
        await using var host = await StartAsync(typeof(Plain), "0 0 * * * *");

        var thrown = await Assert.ThrowsAsync<ArgumentException>(() => host.Functions.InvokeTimerAsync("Plane", Cancellation));

        Assert.Contains("no timer function named 'Plane', but Plain", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_hand_the_callers_token_cancels_the_run()
    {
        await using var host = await StartAsync(typeof(Endless), "0 0 * * * *");
        using var patience = new CancellationTokenSource();
        var run = host.Functions.InvokeTimerAsync("Endless", patience.Token);
        Assert.Equal("running", await host.Journal.NextAsync());

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task A_run_longer_than_host_json_allows_is_cancelled()
    {
        await using var host = await TestHost.StartAsync(typeof(Endless), _time, Schedule("0 0 * * * *"), new { functionTimeout = "00:07:00" });
        var run = host.Functions.InvokeTimerAsync("Endless", Cancellation);
        Assert.Equal("running", await host.Journal.NextAsync());

        await AdvanceAsync(TimeSpan.FromMinutes(7) - TimeSpan.FromTicks(1));
        Assert.False(run.IsCompleted);
        await AdvanceAsync(TimeSpan.FromTicks(1));

        await Assert.ThrowsAsync<TimeoutException>(() => run);
    }

    [Fact]
    public async Task The_platforms_own_address_starts_a_timer()
    {
        await using var host = await StartAsync(typeof(Plain), "0 0 0 1 1 *");
        using var request = new HttpRequestMessage(HttpMethod.Post, "admin/functions/Plain") { Content = new StringContent("{}") };
        request.Headers.Add("x-functions-key", TestHost.MasterKey);

        using var response = await host.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("08:00:00", await host.Journal.NextAsync());
    }

    [Fact]
    public async Task Two_hosts_fire_their_timers_both()
    {
        var journal = new Journal();
        await using var first = await TestHost.StartAsync(typeof(Plain), _time, Schedule("0 0 * * * *"), journal: journal);
        await using var second = await TestHost.StartAsync(typeof(Plain), _time, Schedule("0 0 * * * *"), journal: journal);

        await AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["09:00:00", "09:00:00"], journal.Rest());
    }

    [Theory]
    [InlineData("0 */5 * * * *", "2026-01-05T08:05:00")]
    [InlineData("*/5 * * * *", "2026-01-05T08:05:00")]
    [InlineData("30 59 23 28-31 2 *", "2026-02-28T23:59:30")]
    [InlineData("0 0 12 * * 0", "2026-01-11T12:00:00")]
    [InlineData("0 0 12 * * Sun", "2026-01-11T12:00:00")]
    [InlineData("0  0   8 * * *", "2026-01-06T08:00:00")]
    [InlineData("1.00:00:00", "2026-01-06T08:00:00")]
    public void The_next_time_is_the_first_after_now(string schedule, string next)
        => Assert.Equal(next, TimerSchedule.Parse(schedule).Next(_time.GetUtcNow())!.Value.UtcDateTime.ToString("s", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("60 * * * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("* * * *")]
    [InlineData("0 0 24 * * *")]
    [InlineData("00:00:00")]
    [InlineData("-00:01:00")]
    public void What_is_no_schedule_is_refused_in_a_sentence(string schedule)
        => Assert.StartsWith($"Its schedule '{schedule}' is neither", Assert.Throws<FunctionsHostException>(() => TimerSchedule.Parse(schedule)).Message, StringComparison.Ordinal);

    private static Dictionary<string, string?> Schedule(string schedule) => new() { ["Test:Schedule"] = schedule };

    private Task<TestHost> StartAsync(Type functions, string schedule, TaskCompletionSource? services = null)
        => TestHost.StartAsync(functions, _time, Schedule(schedule), services: collection =>
        {
            if (services is not null)
                Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(collection, services);
        });

    // In steps, since what falls due on the way finds the clock at the end of its step. On a thread without a synchronization context it runs
    // within the call.
    private Task AdvanceAsync(TimeSpan by, TimeSpan? step = null) => Task.Run(
        () =>
        {
            var (end, most) = (_time.GetUtcNow() + by, step ?? TimeSpan.FromSeconds(1));
            while (end - _time.GetUtcNow() is { Ticks: > 0 } left)
                _time.Advance(left < most ? left : most);
        },
        Cancellation);

    /// <summary>A clock that has slept: its timers fire as before, but it is later by then.</summary>
    private sealed class SleepyTime(TimeProvider time) : TimeProvider
    {
        public TimeSpan Slept { get; set; }

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Slept;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => time.CreateTimer(callback, state, dueTime, period);
    }

    public sealed class Plain(Journal journal, TimeProvider time)
    {
        [Function("Plain")]
        public void Run([TimerTrigger("%Test:Schedule%")] TimerInfo timer) => journal.Write($"{time.GetUtcNow():HH:mm:ss}");
    }

    public sealed class AtStart(Journal journal, TimeProvider time)
    {
        [Function("AtStart")]
        public void Run([TimerTrigger("%Test:Schedule%", RunOnStartup = true)] TimerInfo timer) => journal.Write($"{time.GetUtcNow():HH:mm:ss}");
    }

    public sealed class Gated(Journal journal, TimeProvider time, TaskCompletionSource gate)
    {
        [Function("Gated")]
        public async Task RunAsync([TimerTrigger("%Test:Schedule%")] TimerInfo timer)
        {
            journal.Write($"{time.GetUtcNow():HH:mm:ss}");
            if (gate.Task.IsCompleted)
                return;
            await gate.Task;
            journal.Write("done");
        }
    }

    public sealed class Status(Journal journal)
    {
        [Function("Status")]
        public void Run([TimerTrigger("%Test:Schedule%")] TimerInfo timer)
            => journal.Write(timer.ScheduleStatus is { } status
                ? $"{status.Last:s} {status.Next:s} {status.Next.Kind} {timer.IsPastDue}"
                : $"none {timer.IsPastDue}");
    }

    public sealed class Fails(Journal journal, TimeProvider time)
    {
        [Function("Fails")]
        public void Run([TimerTrigger("%Test:Schedule%")] TimerInfo timer, FunctionContext context)
        {
            journal.Write($"{time.GetUtcNow():HH:mm:ss} {(context.RetryContext is null ? "no retry context" : "?")}");
            throw new TimeZoneNotFoundException("no luck");
        }
    }

    public sealed class Retries(Journal journal, TimeProvider time)
    {
        [Function("Retries")]
        [FixedDelayRetry(2, "00:00:30")]
        public async Task RunAsync([TimerTrigger("%Test:Schedule%")] TimerInfo timer, FunctionContext context)
        {
            journal.Write($"{time.GetUtcNow():HH:mm:ss} {context.RetryContext.RetryCount}/{context.RetryContext.MaxRetryCount} {context.InvocationId}");
            await Task.CompletedTask;
            throw new TimeZoneNotFoundException("no luck");
        }
    }

    public sealed class RecoversAtOnce(Journal journal)
    {
        [Function("RecoversAtOnce")]
        [FixedDelayRetry(-1, "00:00:01")]
        public void Run([TimerTrigger("%Test:Schedule%")] TimerInfo timer, FunctionContext context)
        {
            journal.Write($"{context.RetryContext.RetryCount}/{context.RetryContext.MaxRetryCount}");
            if (context.RetryContext.RetryCount == 0)
                throw new TimeZoneNotFoundException("no luck yet");
        }
    }

    public sealed class BacksOff(Journal journal, TimeProvider time)
    {
        [Function("BacksOff")]
        [ExponentialBackoffRetry(5, "00:00:10", "00:01:00")]
        public void Run([TimerTrigger("%Test:Schedule%")] TimerInfo timer)
        {
            journal.Write($"{time.GetUtcNow().TimeOfDay}");
            throw new TimeZoneNotFoundException("no luck");
        }
    }

    public sealed class Endless(Journal journal)
    {
        [Function("Endless")]
        public async Task RunAsync([TimerTrigger("%Test:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        {
            journal.Write("running");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }
}
