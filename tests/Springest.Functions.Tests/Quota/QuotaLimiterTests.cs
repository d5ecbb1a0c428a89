using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Storage;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.Quota;

public sealed class QuotaLimiterTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly List<QuotaInstance> _instances = [];
    private string _prefix = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _prefix = await QuotaInstance.NewPrefixAsync(azurite.Azurite.ConnectionString, Cancelled);

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.DisposeAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_instances_never_exceed_the_limit()
    {
        var window = TimeSpan.FromSeconds(2);
        var observer = new Observer();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        // Three windows' worth of requests, in which edges and expiries come often.
        var users = Enumerable.Range(0, 6).SelectMany(_ =>
        {
            var limiter = Start(options => Scale(options, limit: 100, window)).Limiter();
            return Enumerable.Range(0, 5).Select(_ => UseAllAsync(limiter, observer, end.Token));
        }).ToList();
        await UntilAsync(() => observer.Count >= 300);
        await end.CancelAsync();
        await Task.WhenAll(users);

        var most = observer.MostIn(window);
        Assert.True(most <= 100, $"{most} of 100 in one window.");
    }

    [Fact(Timeout = 60_000)]
    public async Task Over_a_network_that_cuts_delays_and_repeats_the_limit_holds()
    {
        var window = TimeSpan.FromSeconds(2);
        var network = new BadNetwork(seed: 1) { Trouble = 0.07 };
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancelled);
        proxy.Exchange = network.ExchangeAsync;
        var observer = new Observer();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var users = Enumerable.Range(0, 6).SelectMany(_ =>
        {
            var limiter = Start(options => Scale(options, limit: 60, window), proxy.ConnectionString).Limiter();
            return Enumerable.Range(0, 4).Select(_ => UseAllAsync(limiter, observer, end.Token));
        }).ToList();
        await UntilAsync(() => observer.Count >= 180 && network.Faults is { Cut: > 3, Delayed: > 3, Repeated: > 3 });
        await end.CancelAsync();
        await Task.WhenAll(users);

        var most = observer.MostIn(window);
        Assert.True(most <= 60, $"{most} of 60 in one window.");
    }

    [Fact]
    public async Task A_class_leaves_what_is_reserved_for_those_before_it()
    {
        var instance = Start(options =>
        {
            Scale(options, limit: 30, TimeSpan.FromHours(1));
            (options.SubmissionReserve, options.WebhookReserve, options.ChunkSize) = (5, 10, 4);
        });

        Assert.Equal(15, await CountAsync(instance.Limiter(QuotaClass.Catalogue)));
        Assert.Equal(10, await CountAsync(instance.Limiter(QuotaClass.Webhook)));
        Assert.Equal(5, await CountAsync(instance.Limiter(QuotaClass.Submission)));
    }

    [Fact]
    public async Task Permits_taken_from_a_reserve_are_not_for_those_it_is_kept_from()
    {
        var instance = Start(options =>
        {
            Scale(options, limit: 30, TimeSpan.FromHours(1));
            (options.SubmissionReserve, options.WebhookReserve) = (10, 5);
            (options.GrantLife, options.NetworkSlack) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        });
        Assert.Equal(15, await CountAsync(instance.Limiter(QuotaClass.Catalogue)));
        // Used one after the other, so that the grants grow: one, two, four, of which three stay in hand.
        for (var i = 0; i < 4; i++)
            Assert.True((await instance.Limiter(QuotaClass.Submission).AcquireAsync(1, Cancelled)).IsAcquired);

        using var crawl = instance.Limiter(QuotaClass.Catalogue).AttemptAcquire();
        using var submission = instance.Limiter(QuotaClass.Submission).AttemptAcquire();

        Assert.False(crawl.IsAcquired);
        Assert.True(submission.IsAcquired);
    }

    [Fact]
    public async Task A_lease_that_cannot_be_had_says_when_and_why_at_once()
    {
        var limiter = Start(options => Scale(options, limit: 3, TimeSpan.FromMinutes(30))).Limiter();
        Assert.Equal(3, await CountAsync(limiter));

        using var lease = await limiter.AcquireAsync(1, Cancelled);

        Assert.False(lease.IsAcquired);
        Assert.True(lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(31));
        Assert.True(lease.TryGetMetadata(MetadataName.ReasonPhrase, out var reason));
        Assert.Equal("The quota is used up.", reason);
    }

    [Fact]
    public async Task Callers_wait_as_long_as_their_patience_and_are_served_in_order()
    {
        var limiter = Start(options => Scale(options, limit: 2, TimeSpan.FromSeconds(1))).Limiter();
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);

        var served = new List<int>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async number =>
        {
            using var lease = await limiter.AcquireAsync(1, Cancelled);
            Assert.True(lease.IsAcquired);
            lock (served)
                served.Add(number);
        }));

        Assert.Equal([0, 1], served.Take(2).Order());
        Assert.Equal([2, 3], served.Skip(2).Order());
    }

    [Fact]
    public async Task Callers_that_wait_need_no_timer_of_their_own()
    {
        var time = new CountedTimers();
        var store = new VirtualStore(TimeProvider.System, new Random(1)) { LongestDelay = TimeSpan.Zero };
        var options = new QuotaOptions { Limit = 1, SubmissionReserve = 0, WebhookReserve = 0, ChunkSize = 1 };
        options.SubmissionPatience = TimeSpan.FromHours(2);
        var pool = new QuotaPool(SpringestKey.General, new QuotaCounter("nl", store, new QuotaShape(options), time, NullLogger.Instance), options, time, Random.Shared);
        var limiter = new QuotaLimiter(pool, QuotaClass.Submission);
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);
        Assert.NotNull(limiter.IdleDuration);

        var waiting = Enumerable.Range(0, 1000).Select(_ => limiter.AcquireAsync(1, Cancelled).AsTask()).ToList();

        Assert.Equal(1000, limiter.GetStatistics()!.CurrentQueuedCount);
        Assert.Null(limiter.IdleDuration);
        // The pool's own, and one for each time that storage was asked.
        Assert.InRange(time.Count, 1, 20);
        await pool.DisposeAsync();
        Assert.All(await Task.WhenAll(waiting), lease => Assert.False(lease.IsAcquired));
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_queue_and_takes_no_permit()
    {
        var limiter = Start(options => Scale(options, limit: 1, TimeSpan.FromSeconds(1))).Limiter();
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);
        using var giveUp = new CancellationTokenSource();
        var waiting = limiter.AcquireAsync(1, giveUp.Token).AsTask();
        var next = limiter.AcquireAsync(1, Cancelled).AsTask();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(1, limiter.GetStatistics()!.CurrentQueuedCount);
        Assert.True((await next).IsAcquired);
    }

    [Fact]
    public async Task More_callers_than_the_queue_holds_are_turned_away()
    {
        var limiter = Start(options =>
        {
            Scale(options, limit: 1, TimeSpan.FromSeconds(1));
            options.QueueLimit = 1;
        }).Limiter();
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);
        var waiting = limiter.AcquireAsync(1, Cancelled).AsTask();

        using var refused = await limiter.AcquireAsync(1, Cancelled);

        Assert.False(refused.IsAcquired);
        Assert.True((await waiting).IsAcquired);
    }

    [Fact]
    public async Task A_block_by_the_server_stops_every_instance()
    {
        var (one, two) = (Start(Roomy), Start(Roomy));
        Assert.True((await one.Limiter().AcquireAsync(1, Cancelled)).IsAcquired);

        one.Limiters.Block(QuotaInstance.Site, SpringestKey.General, TimeSpan.FromMinutes(20));

        using var refused = await one.Limiter().AcquireAsync(1, Cancelled);
        Assert.False(refused.IsAcquired);
        await StoredAsync(one);
        using var elsewhere = await two.Limiter(QuotaClass.Catalogue).AcquireAsync(1, Cancelled);
        Assert.False(elsewhere.IsAcquired);
        Assert.True(elsewhere.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromMinutes(19), TimeSpan.FromMinutes(21));

        static void Roomy(QuotaOptions options) => Scale(options, limit: 100, TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Keys_are_counted_apart_and_the_same_key_once()
    {
        var limiters = Start(options => Scale(options, limit: 2, TimeSpan.FromHours(1))).Limiters;

        Assert.Equal(2, await CountAsync(limiters.For("two", SpringestKey.General, QuotaClass.Submission)));
        Assert.Equal(2, await CountAsync(limiters.For("two", SpringestKey.Certifications, QuotaClass.Submission)));
        // Here the key for certifications is the general one.
        Assert.Equal(2, await CountAsync(limiters.For(QuotaInstance.Site, SpringestKey.Certifications, QuotaClass.Submission)));
        Assert.Equal(0, await CountAsync(limiters.For(QuotaInstance.Site, SpringestKey.General, QuotaClass.Submission)));
    }

    [Fact]
    public async Task An_instance_that_stops_gives_back_what_it_did_not_use()
    {
        var first = new QuotaInstance(azurite.Azurite.ConnectionString, _prefix, Ten);
        // The second grant is larger than what is waited for, since the first was used up at once.
        for (var i = 0; i < 4; i++)
            Assert.True((await first.Limiter().AcquireAsync(1, Cancelled)).IsAcquired);
        await first.DisposeAsync();

        Assert.Equal(6, await CountAsync(Start(Ten).Limiter()));

        static void Ten(QuotaOptions options) => Scale(options, limit: 10, TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("not a ring")]
    [InlineData("")]
    public async Task A_ring_that_cannot_be_read_is_replaced_by_a_full_one_with_an_alert(string content)
    {
        var instance = Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1)));
        Assert.True((await instance.Limiter().AcquireAsync(1, Cancelled)).IsAcquired);
        var table = instance.Storage.Table(Tables.Quota);
        var row = await RowAsync(table);
        row = new TableEntity(row.PartitionKey, row.RowKey) { ["Ring"] = content.Length == 0 ? "" : System.Text.Encoding.UTF8.GetBytes(content) };
        await table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace, Cancelled);

        var other = Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1)));

        Assert.Equal(0, await CountAsync(other.Limiter()));
        Assert.Contains(other.Logs.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal));
        Assert.DoesNotContain(other.Logs.Lines, line => line.Contains("a-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_settings_take_effect_without_losing_what_is_counted()
    {
        Assert.Equal(10, await CountAsync(Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1))).Limiter()));

        Assert.Equal(5, await CountAsync(Start(Finer).Limiter()));
        Assert.Equal(0, await CountAsync(Start(options => Scale(options, limit: 8, TimeSpan.FromHours(1))).Limiter()));

        static void Finer(QuotaOptions options)
        {
            Scale(options, limit: 15, TimeSpan.FromHours(1));
            options.SlotLength = TimeSpan.FromSeconds(2);
        }
    }

    [Fact]
    public async Task A_ring_that_was_deleted_counts_as_used_up_by_those_who_know_of_it()
    {
        var instance = Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1)));
        Assert.True((await instance.Limiter().AcquireAsync(1, Cancelled)).IsAcquired);
        var table = instance.Storage.Table(Tables.Quota);
        var row = await RowAsync(table);
        await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Cancelled);

        Assert.Equal(0, await CountAsync(instance.Limiter()));
    }

    [Fact]
    public async Task The_status_and_the_metrics_show_what_is_used_and_what_is_left()
    {
        var instance = Start(options =>
        {
            Scale(options, limit: 30, TimeSpan.FromHours(1));
            (options.SubmissionReserve, options.WebhookReserve) = (5, 10);
        });
        Assert.Equal(15, await CountAsync(instance.Limiter(QuotaClass.Catalogue)));
        instance.Limiters.Block(QuotaInstance.Site, SpringestKey.General, TimeSpan.FromMinutes(5));

        var status = Assert.Single(await instance.Limiters.ReadStatusAsync(QuotaInstance.Site, Cancelled));

        Assert.Equal((30, 15), (status.Limit, status.Used));
        Assert.Equal([15, 10, 0], status.Classes.Select(priority => priority.Left));
        Assert.Equal((15, 1), (status.Classes[2].Taken, status.Classes[2].Refused));
        Assert.Equal(15, status.Curve.Sum(point => point.Permits));
        Assert.Equal(15, status.Instance.Granted);
        Assert.Equal(15, Measured(instance, "springest.quota.granted"));
        Assert.Equal(1, Measured(instance, "springest.quota.refusals"));
        Assert.Equal(2, (await instance.Limiters.ReadStatusAsync("two", Cancelled)).Count);
    }

    [Fact]
    public async Task Without_storage_nothing_is_granted()
    {
        // Nobody listens there.
        var nowhere = new Uri("http://127.0.0.1:1/");
        await using var instance = new QuotaInstance(
            Azurite.ConnectionStringFor(nowhere, nowhere, nowhere), _prefix,
            options => options.SubmissionPatience = TimeSpan.FromSeconds(1));

        using var lease = await instance.Limiter().AcquireAsync(1, Cancelled);

        Assert.False(lease.IsAcquired);
        Assert.True(lease.TryGetMetadata(MetadataName.ReasonPhrase, out var reason));
        Assert.Equal("The shared quota cannot be reached.", reason);
    }

    [Fact]
    public async Task Without_the_table_nothing_is_granted_and_storage_is_left_in_peace()
    {
        await using var instance = new QuotaInstance(
            azurite.Azurite.ConnectionString, _prefix + "gone", options => options.SubmissionPatience = TimeSpan.FromSeconds(2));

        using var lease = await instance.Limiter().AcquireAsync(1, Cancelled);

        Assert.False(lease.IsAcquired);
        Assert.InRange(Measured(instance, "springest.quota.failures"), 1, 30);
        Assert.Equal(0, Measured(instance, "springest.quota.conflicts"));
    }

    private sealed class CountedTimers : TimeProvider
    {
        private int _count;

        public int Count => _count;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _count);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }

    private static void Scale(QuotaOptions options, int limit, TimeSpan window)
    {
        (options.Limit, options.Window, options.SlotLength) = (limit, window, window / 100);
        // The slack is for this machine too: a busy one lets a caller that has a permit wait for its turn.
        (options.GrantLife, options.NetworkSlack, options.BlockTime) = (window / 10, window / 2, window / 2);
        (options.SubmissionReserve, options.WebhookReserve, options.ChunkSize) = (0, 0, Math.Min(limit, 10));
        if (window > TimeSpan.FromMinutes(1))
            (options.GrantLife, options.NetworkSlack) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
    }

    // Takes permits until there are no more. A lease is refused at once when patience cannot help.
    private static async Task<int> CountAsync(RateLimiter limiter)
    {
        for (var count = 0; ; count++)
        {
            using var lease = await limiter.AcquireAsync(1, Cancelled);
            if (!lease.IsAcquired)
                return count;
        }
    }

    private static async Task UseAllAsync(RateLimiter limiter, Observer observer, CancellationToken end)
    {
        try
        {
            while (true)
            {
                using var lease = await limiter.AcquireAsync(1, end);
                if (lease.IsAcquired)
                    observer.Arrive();
            }
        }
        catch (OperationCanceledException)
        {
            // The time of the test is over.
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancelled);
    }

    private static long Measured(QuotaInstance instance, string name)
    {
        var sum = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Name == name && instrument.Meter.Scope == instance.Meters)
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => sum += measurement);
        listener.Start();
        listener.RecordObservableInstruments();
        return sum;
    }

    private static async Task<TableEntity> RowAsync(TableClient table)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: Cancelled))
            return row;
        throw new InvalidOperationException("There is no ring.");
    }

    // An instance that stops has told the store all it had to tell.
    private async Task StoredAsync(QuotaInstance instance)
    {
        _instances.Remove(instance);
        await instance.DisposeAsync();
    }

    private QuotaInstance Start(Action<QuotaOptions> configure, string? connection = null)
    {
        var instance = new QuotaInstance(connection ?? azurite.Azurite.ConnectionString, _prefix, configure);
        _instances.Add(instance);
        return instance;
    }
}
