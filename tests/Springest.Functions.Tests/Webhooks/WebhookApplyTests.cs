using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Processing;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Data;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>What becomes of the objects that webhooks name.</summary>
public sealed class WebhookApplyTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private TestApp _app = null!;
    private WebhookDriver _webhooks = null!;

    private RecordSet Trainings => _app.Simulator.Catalogue.Trainings;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_updated_training_is_mirrored_before_the_answer()
    {
        await StartAsync();
        var id = Trainings.Ids[0];

        var answer = await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(id), WebhookBodies.Update(id)));

        Assert.Equal((2, 0, 2), answer.Counts);
        Assert.Equal([KeyValuePair.Create(id, Trainings.Json(id)!)], await _webhooks.MirrorAsync());
        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Equal(1, _webhooks.Reads());
    }

    [Fact]
    public async Task A_training_that_is_gone_is_removed_at_once_if_that_was_said_of_it()
    {
        await StartAsync();
        var (updated, destroyed, there) = (Trainings.Ids[0], Trainings.Ids[1], Trainings.Ids[2]);
        await _webhooks.PostAsync(
            WebhookBodies.Changes(WebhookBodies.Update(updated), WebhookBodies.Update(destroyed), WebhookBodies.Update(there)));
        Trainings.Remove(updated);
        Trainings.Remove(destroyed);

        var answer = await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(updated), WebhookBodies.Destroy(destroyed)));

        Assert.Equal((2, 0, 1), answer.Counts);
        Assert.Equal([updated, there], (await _webhooks.MirrorAsync()).Keys.Order());
    }

    [Fact]
    public async Task A_training_said_to_be_destroyed_that_is_there_is_never_deleted()
    {
        await StartAsync();
        var id = Trainings.Ids[0];
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(id)));

        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Destroy(id)));

        Assert.Equal([id], (await _webhooks.MirrorAsync()).Keys);
        Assert.Equal(["Created"], (await _webhooks.RowsAsync("Changes")).Select(change => change.GetString("Change")));
    }

    [Fact]
    public async Task A_training_said_to_be_destroyed_stays_while_the_api_is_away()
    {
        await StartAsync();
        var (gone, there) = (Trainings.Ids[0], Trainings.Ids[1]);
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(gone), WebhookBodies.Update(there)));
        Trainings.Remove(gone);
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });

        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Destroy(gone)));

        Assert.Equal([gone, there], (await _webhooks.MirrorAsync()).Keys.Order());
        Assert.Single(await _webhooks.InboxAsync());
        _app.Simulator.Behaviour.Faults.Clear();
        await _app.FireUntilIdleAsync(_webhooks);
        Assert.Equal([there], (await _webhooks.MirrorAsync()).Keys);
    }

    /// <summary>As a key answers that lost its rights, a host that moved, or a proxy.</summary>
    [Theory]
    [InlineData("update", """{"error":"Not found"}""")]
    [InlineData("destroy", "<html><body><h1>Not Found</h1></body></html>")]
    public async Task A_404_does_not_count_while_what_is_listed_is_not_found_either(string action, string body)
    {
        await StartAsync();
        var (id, other) = (Trainings.Ids[0], Trainings.Ids[1]);
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(id), WebhookBodies.Update(other)));
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 404, Body = body });

        await _webhooks.PostAsync(WebhookBodies.Changes(action == "update" ? WebhookBodies.Update(id) : WebhookBodies.Destroy(id)));

        Assert.Equal([id, other], (await _webhooks.MirrorAsync()).Keys.Order());
        Assert.Contains(
            $"neither is trainings/{other}",
            Assert.Single(await _webhooks.InboxAsync()).GetString("Error"),
            StringComparison.Ordinal);
        Trainings.Remove(id);
        _app.Simulator.Behaviour.Faults.Clear();
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Destroy(id)));
        await _app.FireUntilIdleAsync(_webhooks);
        Assert.Equal([other], (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task The_url_in_the_body_is_never_followed()
    {
        await StartAsync();
        var (id, other) = (Trainings.Ids[0], Trainings.Ids[1]);

        await _webhooks.PostAsync(WebhookBodies.Changes(
            $$"""{"action":"update","object":"training","id":{{id}},"url":"{{_app.Simulator.Address}}trainings/{{other}}"}"""));

        Assert.Equal([$"/trainings/{id}.json"], _app.Simulator.Requests.Snapshot().Select(request => request.Path).Distinct());
    }

    [Fact]
    public async Task What_fails_stays_with_its_reason_is_tried_again_later_and_given_up_in_the_end()
    {
        await StartAsync(
            new()
            {
                ["Springest:Webhooks:RetryDelay"] = "00:00:00.001",
                ["Springest:Webhooks:MaxRetryDelay"] = "00:00:00.002",
                ["Springest:Webhooks:MaxAttempts"] = "3",
            });
        var id = Trainings.Ids[0];
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400, Body = """{"error":"Not today"}""" });

        Assert.Equal((1, 0, 0), (await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(id)))).Counts);
        var row = Assert.Single(await _webhooks.InboxAsync());
        Assert.Equal(1, row.GetInt32("Attempts"));
        Assert.NotEmpty(row.GetString("Error"));
        for (var i = 0; i < 10; i++)
            await _app.FireAsync("ApplyWebhooks");

        row = Assert.Single(await _webhooks.InboxAsync());
        Assert.Equal((3, true), (row.GetInt32("Attempts"), row.GetBoolean("DeadLettered")));
        Assert.Equal(3, _webhooks.Reads(id));

        // Named again, it is taken up again.
        _app.Simulator.Behaviour.Faults.Clear();
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(id)));
        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Equal([id], (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task A_failure_in_a_burst_counts_once()
    {
        var (clock, usual) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), new WebhookOptions());
        await StartAsync(
            new()
            {
                ["Springest:Webhooks:RetryDelay"] = $"{usual.RetryDelay}",
                ["Springest:Webhooks:MaxRetryDelay"] = $"{usual.MaxRetryDelay}",
                ["Springest:Webhooks:MaxAttempts"] = "2",
                ["Springest:Sites:nl:Retries"] = "0",
            },
            clock);
        var body = WebhookBodies.Changes(WebhookBodies.Update(Trainings.Ids[0]));
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 500, Path = "/trainings" });
        await _webhooks.PostAsync(body);

        // No time passes in between.
        await clock.AdvanceUntilAsync(_webhooks.PostAsync(body));

        Assert.Equal(2, _webhooks.Reads());
        var row = Assert.Single(await _webhooks.InboxAsync());
        Assert.Equal((1, false), (row.GetInt32("Attempts"), row.GetBoolean("DeadLettered")));
        Assert.InRange(
            row.GetDateTimeOffset("NextAttempt")!.Value - clock.GetUtcNow(), 0.7 * usual.RetryDelay, 1.2 * usual.RetryDelay);
    }

    /// <summary>The pause of the client, which then sends nothing for a while, is far shorter than the one between two attempts.</summary>
    [Fact]
    public async Task An_outage_of_minutes_gives_nothing_up()
    {
        var (clock, usual) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), new WebhookOptions());
        await StartAsync(
            new()
            {
                ["Springest:Webhooks:InlineBudget"] = "00:00:00",
                ["Springest:Webhooks:RetryDelay"] = $"{usual.RetryDelay}",
                ["Springest:Webhooks:MaxRetryDelay"] = $"{usual.MaxRetryDelay}",
                // Within a call there is nothing to wait for.
                ["Springest:Sites:nl:Retries"] = "0",
            },
            clock);
        var named = Trainings.Ids.Take(30).ToList();
        await _webhooks.PostAsync(WebhookBodies.Changes([.. named.Select(WebhookBodies.Update)]));
        _app.Simulator.Behaviour.Faults.Add(new Fault { Path = "/trainings" });

        await _app.FireAsync("ApplyWebhooks");
        // The rest was not sent.
        Assert.InRange(_webhooks.Reads(), 20, 29);
        for (var i = 0; i < 20; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            await _app.FireAsync("ApplyWebhooks");
        }

        Assert.Equal(30, (await _webhooks.InboxAsync()).Count(row => !row.GetBoolean("DeadLettered")!.Value));
        Assert.Empty((await _webhooks.SendAsync(HttpMethod.Get, "webhooks/nl/dead-letters")).Json.GetProperty("items").EnumerateArray());
        _app.Simulator.Behaviour.Faults.Clear();
        for (var i = 0; i < 12; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            await _app.FireAsync("ApplyWebhooks");
        }

        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Equal(named, (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task Without_quota_everything_waits_in_the_inbox_and_nothing_counts_as_a_failure()
    {
        await StartAsync(new()
        {
            ["Springest:Quota:Limit"] = "5", ["Springest:Quota:WebhookShare"] = "0.8", ["Springest:Quota:WebhookAloneShare"] = "0.8",
            ["Springest:Quota:DeltaShare"] = "0.6", ["Springest:Quota:FullPassShare"] = "0.6",
        });

        var answer = await _webhooks.PostAsync(WebhookBodies.Changes([.. Trainings.Ids.Take(20).Select(WebhookBodies.Update)]));
        await _app.FireAsync("ApplyWebhooks");

        Assert.Equal((20, 0, 4), answer.Counts);
        Assert.Equal(4, _app.Simulator.Requests.Count);
        var inbox = await _webhooks.InboxAsync();
        Assert.Equal(16, inbox.Count);
        Assert.All(inbox, row => Assert.Equal(
            (null, false, 0), (row.GetString("Error"), row.GetBoolean("DeadLettered"), row.GetInt32("Attempts"))));
    }

    [Fact]
    public async Task What_is_named_again_while_it_is_being_read_is_read_again()
    {
        await StartAsync(new() { ["Springest:Webhooks:InlineBudget"] = "00:00:00" });
        var id = Trainings.Ids[0];
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(id)));
        _app.Simulator.Behaviour.Latency = new Latency(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(400));

        var run = _app.FireAsync("ApplyWebhooks");
        await _app.Simulator.Requests.WaitForAsync(
            request => request.Path == $"/trainings/{id}.json",
            TestContext.Current.CancellationToken);
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(id)));
        await run;

        Assert.Equal(0, Assert.Single(await _webhooks.InboxAsync()).GetInt32("Attempts"));
        await _app.FireAsync("ApplyWebhooks");
        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Equal(2, _webhooks.Reads(id));
    }

    [Fact]
    public async Task A_delivery_of_very_many_changes_is_one_row_until_the_timer_takes_it()
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, TestContext.Current.CancellationToken);
        // Nothing is read again because the machine is busy.
        await StartAsync(
            new()
            {
                ["AzureWebJobsStorage"] = storage.ConnectionString,
                ["Springest:Quota:Limit"] = "200",
                ["Springest:Sites:nl:AttemptTimeout"] = "00:10:00",
                ["Springest:Sites:nl:Deadline"] = "00:10:00",
                ["Springest:Webhooks:LeaseDuration"] = "01:00:00",
            });
        // One more than get rows of their own; the one that is there comes first.
        var absent = Enumerable.Range(99_000_001, 1000).Select(id => WebhookBodies.Destroy(id));
        var (isRefused, isThere, hasRun) = (false, false, false);
        // Storage takes the body only when it is asked again. A timer that runs before it is there must not take it for done.
        storage.Exchange = async (request, send) =>
        {
            var path = request.Path.Value!;
            var isBody = path.Contains("webhook-bodies/", StringComparison.Ordinal);
            if (isBody && !Interlocked.Exchange(ref isRefused, true))
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new ByteArrayContent([]) };
            var answer = await send();
            isThere |= isBody;
            if (!isThere && path.Contains("RowKey='Bundle-", StringComparison.Ordinal) && !Interlocked.Exchange(ref hasRun, true))
                await _app.FireAsync("ApplyWebhooks");
            return answer;
        };

        var answer = await _webhooks.PostAsync(WebhookBodies.Changes([.. absent, WebhookBodies.Update(Trainings.Ids[0])]));

        Assert.Equal((1001, 0, 0), answer.Counts);
        Assert.Equal($"Bundle-{answer.Json.GetProperty("delivery").GetString()}", Assert.Single(await _webhooks.InboxAsync()).RowKey);
        // By an instance that reaches storage without the proxy.
        await using var other = await _app.AnotherInstanceAsync(new() { ["AzureWebJobsStorage"] = azurite.Azurite.ConnectionString });
        await other.FireAsync("ApplyWebhooks");

        // Webhooks may take 150, of which 20 are left, and each object may cost three.
        var left = await _webhooks.InboxAsync();
        Assert.InRange(left.Count, 1001 - 43, 1001 - 20);
        Assert.All(left, row => Assert.Equal((0, false), (row.GetInt32("Attempts"), row.GetBoolean("DeadLettered"))));
        Assert.Equal([Trainings.Ids[0]], (await _webhooks.MirrorAsync()).Keys);
        // The one that is there is read again by who looks up another: it shows that the API finds what there is.
        var ofTheOne = _webhooks.Reads(Trainings.Ids[0]);
        Assert.InRange(ofTheOne, 1, 43);
        Assert.Equal(2 * (1000 - left.Count), _webhooks.Reads() - ofTheOne);
    }

    [Fact]
    public async Task Work_that_takes_longer_than_a_claim_is_not_taken_up_twice()
    {
        var (time, claim) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), new WebhookOptions().LeaseDuration);
        // A claim is renewed when half of it is over.
        var watched = new WatchedClock(time, claim / 2);
        await StartAsync(
            new()
            {
                ["Springest:Webhooks:InlineBudget"] = "00:00:00",
                // Unlike the waits that this test counts.
                ["Springest:Webhooks:ReceiveTimeout"] = "00:00:20",
                ["Springest:Sites:nl:AttemptTimeout"] = "00:10:00",
                ["Springest:Sites:nl:Deadline"] = "00:10:00",
            },
            watched);
        await using var other = await _app.AnotherInstanceAsync(services: services => services.AddSingleton<TimeProvider>(time));
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(Trainings.Ids[0])));
        _app.Simulator.Behaviour.Latency = new Latency(2 * claim, 2 * claim);

        var run = _app.FireAsync("ApplyWebhooks");
        await _app.Simulator.Requests.WaitForAsync(
            request => request.Path.StartsWith("/trainings/", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await watched.WaitBegunAsync();
        for (var passed = TimeSpan.Zero; passed < 1.5 * claim; passed += claim / 2)
        {
            time.Advance(claim / 2);
            await watched.WaitBegunAsync();
            await other.FireAsync("ApplyWebhooks");
        }

        time.Advance(2 * claim);
        await run;

        Assert.Equal(1, _webhooks.Reads());
        Assert.Empty(await _webhooks.InboxAsync());
    }

    [Fact]
    public async Task Two_instances_share_the_work_without_doing_any_of_it_twice()
    {
        await StartAsync(new() { ["Springest:Webhooks:InlineBudget"] = "00:00:00" });
        await using var other = await _app.AnotherInstanceAsync();
        await _webhooks.PostAsync(WebhookBodies.Changes([.. Trainings.Ids.Select(WebhookBodies.Update)]));

        await Task.WhenAll(_app.FireAsync("ApplyWebhooks"), other.FireAsync("ApplyWebhooks"));

        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
        Assert.Equal(Trainings.Count, _app.Simulator.Requests.Count);
    }

    [Fact]
    public async Task The_answer_does_not_wait_longer_than_the_budget()
    {
        var (time, budget) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), new WebhookOptions().InlineBudget);
        var watched = new WatchedClock(time, budget);
        await StartAsync(new() { ["Springest:Webhooks:InlineBudget"] = $"{budget}" }, watched);
        _app.Simulator.Behaviour.Latency = new Latency(2 * budget, 2 * budget);

        var answering = _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(Trainings.Ids[0])));
        await watched.WaitBegunAsync();
        await _app.Simulator.Requests.WaitForAsync(_ => true, TestContext.Current.CancellationToken);
        Assert.False(answering.IsCompleted);
        time.Advance(budget);

        Assert.Equal((1, 0, 0), (await answering).Counts);
        Assert.Single(await _webhooks.InboxAsync());
    }

    [Fact]
    public async Task Shuffled_and_repeated_deliveries_end_in_the_apis_data()
    {
        await StartAsync();
        var seed = Variable.Number("SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={seed}");
        var random = new Random(seed);
        await _webhooks.PostAsync(WebhookBodies.Changes([.. Trainings.Ids.Select(WebhookBodies.Update)]));
        var changes = _app
            .Simulator.Catalogue.RandomChanges(seed, 60)
            .Where(change => change.Resource is "training" or "institute")
            .ToArray();
        Change[] told = [.. changes, .. changes.Where(_ => random.Next(2) == 0)];
        random.Shuffle(told);

        var target = new Uri(_app.Http.BaseAddress!, $"webhooks/{TestApp.Site}/trainings?code={TestApp.FunctionKey}");
        await Parallel.ForEachAsync(told.Chunk(7), TestContext.Current.CancellationToken, async (chunk, token) =>
        {
            var sent = await _app.Simulator.SendWebhookAsync(target, chunk, cancellationToken: token);
            Assert.All(sent, delivery => Assert.True(delivery.Delivered));
        });
        await _app.FireUntilIdleAsync(_webhooks);

        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
    }

    [Fact]
    public async Task A_burst_of_a_thousand_webhooks_over_a_hundred_trainings_costs_a_hundred_reads()
    {
        // Time stands still, so that no starved machine makes a lull where there is none.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _app = await TestApp.StartAsync(
            azurite.Azurite,
            new SimulatorOptions
            {
                Trainings = 100,
                Subjects = 1,
                Certifications = 1,
            },
            settings: new() { ["Springest:Webhooks:InlineBudget"] = "00:00:30" },
            services: services => services.AddSingleton<TimeProvider>(clock));
        _webhooks = new WebhookDriver(_app);
        var named = Enumerable.Range(0, 1000).Select(i => Trainings.Ids[i % 100]).ToArray();
        new Random(1).Shuffle(named);
        var (answered, pouredOut) = (0, new TaskCompletionSource());

        var burst = Parallel.ForEachAsync(
            named,
            new ParallelOptions { MaxDegreeOfParallelism = 20, CancellationToken = TestContext.Current.CancellationToken },
            async (id, _) =>
            {
                Assert.Equal(HttpStatusCode.OK, (await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(id)))).Status);
                // One waits for the lull on behalf of all.
                if (Interlocked.Increment(ref answered) == 999)
                    pouredOut.SetResult();
            });
        await Task.WhenAny(burst, pouredOut.Task);
        await clock.AdvanceUntilAsync(burst);
        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
        Assert.InRange(_webhooks.Reads(), 100, 105);
    }

    [Fact]
    public async Task What_came_together_is_applied_by_one_run_of_the_timer()
    {
        await StartAsync(new() { ["Springest:Webhooks:InlineBudget"] = "00:00:00" });
        await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(Trainings.Ids[i % 40])))));
        Assert.Contains(await _webhooks.InboxAsync(), row => row.RowKey.StartsWith("Bundle-", StringComparison.Ordinal));

        await _app.FireAsync("ApplyWebhooks");

        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Equal(40, _webhooks.Reads());
        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
    }

    [Fact]
    public async Task What_came_by_itself_after_others_of_a_burst_counts()
    {
        await StartAsync(new() { ["Springest:Webhooks:InlineBudget"] = "00:00:00" });
        await _webhooks.PostAsync(WebhookBodies.Changes([.. Trainings.Ids.Select(WebhookBodies.Update)]));
        await _app.FireAsync("ApplyWebhooks");
        await Task.WhenAll(Trainings.Ids.Select(id => _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(id)))));
        var bundle = (await _webhooks.InboxAsync()).First(row => row.RowKey.StartsWith("Bundle-", StringComparison.Ordinal));
        var single = bundle.GetString("Bundled").Split(' ')[0];
        var gone = long.Parse(single.Split('-')[1], CultureInfo.InvariantCulture);
        Trainings.Remove(gone);
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Destroy(gone)));

        await using var app = await _app.AnotherInstanceAsync(new() { ["Springest:Webhooks:InlineBudget"] = "00:00:30" });
        var rows = await Task.WhenAll(new[] { bundle.RowKey, single }.Select(
            key => app.Get<WebhookInbox>().FindAsync("nl", key, TestContext.Current.CancellationToken)));
        await app.Get<InboxWorker>().ApplyNamedAsync(
            [.. rows.OfType<InboxItemEntity>()], TimeSpan.FromSeconds(30), _ => { }, CancellationToken.None,
            TestContext.Current.CancellationToken);

        // At once, since it was said to be destroyed.
        Assert.DoesNotContain(gone, (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task A_webhook_in_a_lull_is_applied_before_it_is_answered()
    {
        await StartAsync();
        for (var i = 0; i < 10; i++)
        {
            var id = Trainings.Ids[i % 4];
            Trainings.Update(id, training => training["name"] = $"Name {i}");
            Assert.Equal((1, 0, 1), (await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(id)))).Counts);
        }

        Assert.Equal(10, _webhooks.Reads());
    }

    /// <param name="settings">Beside the usual ones.</param>
    /// <param name="clock">The app's and the simulator's, if not the system's.</param>
    private async Task StartAsync(Dictionary<string, string?>? settings = null, TimeProvider? clock = null)
    {
        // What failed or was begun is due again soon, so that a test need not wait for it.
        Dictionary<string, string?> all = new()
        {
            // No pass has counted what there is.
            ["Springest:Mirror:DeleteHoldMinimum"] = "1000",
            ["Springest:Webhooks:RetryDelay"] = "00:00:00.010",
            ["Springest:Webhooks:MaxRetryDelay"] = "00:00:00.010",
        };
        foreach (var (name, value) in settings ?? [])
            all[name] = value;
        clock ??= TimeProvider.System;
        _app = await TestApp.StartAsync(
            azurite.Azurite,
            new SimulatorOptions
            {
                Trainings = 40,
                Subjects = 12,
                Certifications = 5,
                TimeProvider = clock,
            },
            settings: all,
            services: services => services.AddSingleton(clock));
        _webhooks = new WebhookDriver(_app);
    }
}
