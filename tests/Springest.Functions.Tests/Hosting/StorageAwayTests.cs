using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;
using Springest.Testing;

namespace Springest.Functions.Tests.Hosting;

/// <summary>Storage that does not answer: the app starts all the same, says so, and works as soon as it does.</summary>
public sealed class StorageAwayTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_that_starts_without_storage_makes_its_tables_when_it_comes()
    {
        await using var office = await TestApp.StartAsync(azurite.Azurite);
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        var (isAway, asked) = (true, 0);
        proxy.Exchange = async (_, send) =>
        {
            Interlocked.Increment(ref asked);
            return Volatile.Read(ref isAway) ? null : await send();
        };
        var clock = new QuickClock();
        await using var app = await StartWithoutTablesAsync(office, proxy, clock);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await HealthAsync(app));
        await Assert.ThrowsAnyAsync<Exception>(() => app.FireAsync("CrawlTrainings"));
        // 30 tables and containers are to be made, and each request is tried four times.
        Assert.InRange(Volatile.Read(ref asked), 1, 100);

        Volatile.Write(ref isAway, false);

        await BeWellAsync(app, clock);
        await app.FireAsync("CrawlTrainings");
        Assert.Single(app.Logs.Lines, line => line.Contains("The tables and containers cannot be made", StringComparison.Ordinal));
        Assert.Single(app.Logs.Lines, line => line.Contains("The tables and containers are made", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_app_is_not_well_before_its_last_table_is_made()
    {
        await using var office = await TestApp.StartAsync(azurite.Azurite);
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        var isRefused = true;
        proxy.Exchange = async (request, send) =>
        {
            if (!MakesTable(request))
                return await send();
            var name = await new StreamReader(request.Body).ReadToEndAsync(Cancellation);
            if (name.Contains(WebhookStorage.Inbox, StringComparison.OrdinalIgnoreCase) && Volatile.Read(ref isRefused))
                return new HttpResponseMessage(HttpStatusCode.BadRequest);
            return await send();
        };
        var clock = new QuickClock();
        await using var app = await StartWithoutTablesAsync(office, proxy, clock);
        // Told when all the others are made.
        await Eventually.BeAsync(
            () => Task.FromResult(app.Logs.Lines.Any(line => line.Contains("cannot be made", StringComparison.Ordinal))));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await HealthAsync(app));

        Volatile.Write(ref isRefused, false);

        await BeWellAsync(app, clock);
        await app.FireAsync("ApplyWebhooks");
    }

    [Fact]
    public async Task An_app_waits_for_tables_that_slow_storage_makes()
    {
        await using var office = await TestApp.StartAsync(azurite.Azurite);
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        proxy.Exchange = async (request, send) =>
        {
            // The first alone, and then the others together: six seconds, and many more where the machine is busy.
            if (MakesTable(request))
                await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, Cancellation);
            return await send();
        };

        await using var app = await StartWithoutTablesAsync(office, proxy, new ClockWithout(TimeSpan.FromSeconds(15)));

        await app.FireAsync("CrawlTrainings");
        Assert.Equal(HttpStatusCode.OK, await HealthAsync(app));
    }

    // In Azure its roles are for tables and containers that the deployment has made.
    [Fact]
    public async Task An_app_that_may_make_no_tables_and_containers_works_with_those_that_are_there()
    {
        await using var office = await TestApp.StartAsync(azurite.Azurite);
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        var refused = 0;
        proxy.Exchange = async (request, send) =>
        {
            if (!MakesTable(request) && !(request.Method == "PUT" && request.Query["restype"] == "container"))
                return await send();
            Interlocked.Increment(ref refused);
            return new HttpResponseMessage(HttpStatusCode.Forbidden);
        };
        await using var app = await office.AnotherInstanceAsync(new() { ["AzureWebJobsStorage"] = proxy.ConnectionString });

        Assert.InRange(refused, 30, 60);
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains("cannot be made", StringComparison.Ordinal));
        await app.FireAsync("CrawlTrainings");
        Assert.Equal(HttpStatusCode.OK, await HealthAsync(app));
    }

    [Fact]
    public async Task Health_is_asked_for_a_thousand_times_while_storage_is_away()
    {
        await using var office = await TestApp.StartAsync(azurite.Azurite);
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var app = await office.AnotherInstanceAsync(new() { ["AzureWebJobsStorage"] = proxy.ConnectionString });
        var asked = 0;
        proxy.Exchange = (_, _) =>
        {
            Interlocked.Increment(ref asked);
            return Task.FromResult<HttpResponseMessage?>(null);
        };

        var answers = new List<HttpStatusCode>();
        for (var round = 0; round < 50; round++)
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HealthAsync(app))));

        Assert.Equal(1000, answers.Count(answer => answer is HttpStatusCode.ServiceUnavailable));
        // How many checks there were depends on how long it took.
        var told = app.Logs.Lines.Where(line => line.Contains("HealthCheck", StringComparison.Ordinal)).ToList();
        // Tables, blobs, and the key of the ledger.
        Assert.Equal(3, told.Count);
        Assert.InRange(asked, 2, 200);
    }

    private static bool MakesTable(HttpRequest request)
        => request.Method == "POST" && request.Path.Value!.EndsWith("/Tables", StringComparison.Ordinal);

    private static Task<TestApp> StartWithoutTablesAsync(TestApp office, StorageProxy proxy, TimeProvider? clock = null)
        => office.AnotherInstanceAsync(
            new()
            {
                ["AzureWebJobsStorage"] = proxy.ConnectionString,
                ["Springest:Storage:Prefix"] = $"t{Guid.NewGuid():N}"[..12],
            },
            clock is null ? null : services => services.AddSingleton(clock),
            withStorage: false);

    // What the app tells is ten seconds old at most.
    private static Task BeWellAsync(TestApp app, QuickClock clock)
        => Eventually.BeAsync(async () =>
        {
            clock.Skip(TimeSpan.FromSeconds(10));
            return await HealthAsync(app) == HttpStatusCode.OK;
        });

    private static async Task<HttpStatusCode> HealthAsync(TestApp app)
    {
        using var answer = await app.Http.GetAsync("health", Cancellation);
        return answer.StatusCode;
    }

    /// <summary>A clock that can be set ahead, and by which five seconds are over after one: until storage is asked again.</summary>
    private sealed class QuickClock : TimeProvider
    {
        private long _ahead;

        public void Skip(TimeSpan time) => Interlocked.Add(ref _ahead, (long)(time.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _ahead);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => base.CreateTimer(callback, state, dueTime == TimeSpan.FromSeconds(5) ? TimeSpan.FromSeconds(1) : dueTime, period);
    }

    /// <summary>A clock by which one time never passes: what waits so long, waits for something else.</summary>
    private sealed class ClockWithout(TimeSpan time) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => base.CreateTimer(callback, state, dueTime == time ? Timeout.InfiniteTimeSpan : dueTime, period);
    }
}
