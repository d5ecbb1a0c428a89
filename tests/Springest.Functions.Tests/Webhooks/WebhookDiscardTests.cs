using System.Globalization;
using System.Net;
using System.Text;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;
using Springest.Functions.Webhooks.Receiving;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>What an operator takes back, and what goes on by itself after a stop.</summary>
public sealed class WebhookDiscardTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private StorageProxy _storage = null!;
    private TestApp _app = null!;
    private WebhookDriver _webhooks = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IReadOnlyList<long> Ids => _app.Simulator.Catalogue.Trainings.Ids;

    public async ValueTask InitializeAsync()
    {
        _storage = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        _app = await TestApp.StartAsync(azurite.Azurite, settings: new()
        {
            ["AzureWebJobsStorage"] = _storage.ConnectionString,
            ["Springest:Webhooks:InlineBudget"] = "00:00:00",
            ["Springest:Webhooks:RetryDelay"] = "00:00:00.001",
            ["Springest:Webhooks:MaxRetryDelay"] = "00:00:00.001",
            ["Springest:Webhooks:MaxAttempts"] = "3",
        });
        _webhooks = new WebhookDriver(_app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task A_pending_delivery_is_taken_back_and_what_others_named_stays()
    {
        var forged = await PostAsync([.. Enumerable.Range(1, 1200).Select(id => WebhookBodies.Destroy(id)), WebhookBodies.Destroy(Ids[0])]);
        var small = await PostAsync(WebhookBodies.Update(Ids[1]), WebhookBodies.Update(Ids[2]));
        await PostAsync(WebhookBodies.Update(Ids[2]), WebhookBodies.Update(Ids[3]));

        var (first, second) = (await DiscardAsync(forged), await DiscardAsync(small));
        await _app.FireUntilIdleAsync(_webhooks);

        // A delivery of very many objects is one row.
        Assert.Equal((1, 1), (first, second));
        Assert.Equal([Ids[2], Ids[3]], (await _webhooks.MirrorAsync()).Keys.Order());
        Assert.Equal(2, _webhooks.Reads());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_later_delivery_names_too_stays_though_the_earlier_is_unpacked_later(bool comesMeanwhile)
    {
        var forged = await PostAsync([WebhookBodies.Destroy(Ids[0]), .. Enumerable.Range(1, 1000).Select(id => WebhookBodies.Destroy(id))]);
        var later = new Lazy<Task>(() => PostAsync(WebhookBodies.Update(Ids[0])));
        if (comesMeanwhile)
            BeforeTransactions(later);
        else
            await later.Value;
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400, Path = $"/trainings/{Ids[0]}", Times = 1 });
        // It reads hardly any of what was made up.
        await using (var app = await _app.AnotherInstanceAsync(new() { ["Springest:Quota:Limit"] = "40" }))
            await app.FireAsync("ApplyWebhooks");
        Assert.InRange((await _webhooks.InboxAsync()).Count, 900, 1001);

        await DiscardAsync(forged);
        await _app.FireUntilIdleAsync(_webhooks);

        Assert.Equal([Ids[0]], (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task A_delivery_that_is_being_unpacked_is_taken_back()
    {
        var forged = await PostAsync([.. Enumerable.Range(1, 1001).Select(id => WebhookBodies.Destroy(id))]);
        await PostAsync(WebhookBodies.Update(Ids[0]));
        BeforeTransactions(new(() => DiscardAsync(forged)));

        await _app.FireAsync("ApplyWebhooks");

        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Equal(1, _webhooks.Reads());
    }

    [Theory]
    [InlineData("deliveries/{0}/replay")]
    [InlineData("replay?from=2020-01-01&to={1}")]
    public async Task What_a_later_delivery_said_counts_though_an_earlier_is_replayed(string replay)
    {
        var (gone, there) = (Ids[0], Ids[1]);
        var earlier = await PostAsync(WebhookBodies.Update(gone), WebhookBodies.Update(there));
        await _app.FireUntilIdleAsync(_webhooks);
        var between = TimeProvider.System.GetUtcNow().UtcDateTime;
        _app.Simulator.Catalogue.Trainings.Remove(gone);
        await PostAsync(WebhookBodies.Destroy(gone));

        var replayed = await _webhooks.SendAsync(
            HttpMethod.Post, "manage/webhooks/nl/" + string.Format(CultureInfo.InvariantCulture, replay, earlier, $"{between:O}"));
        Assert.Equal(2, replayed.Json.GetProperty("objects").GetInt32());
        Assert.Equal(1, await DiscardAsync(earlier));
        await _app.FireAsync("ApplyWebhooks");

        // At once, since it was said to be destroyed.
        Assert.Equal([there], (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task What_a_later_delivery_names_too_stays_though_an_import_misses_it()
    {
        var (moved, trainings, institutes) = (Ids[0], _app.Simulator.Catalogue.Trainings, _app.Simulator.Catalogue.Institutes.Ids);
        trainings.Update(moved, training => training["institute_id"] = institutes[0]);
        await PostAsync(WebhookBodies.Update(moved));
        await _app.FireUntilIdleAsync(_webhooks);
        trainings.Update(moved, training => training["institute_id"] = institutes[1]);
        var import = await PostAsync(WebhookBodies.Import(institutes[0]));
        await PostAsync(WebhookBodies.Update(moved));
        await _app.FireAsync("ApplyWebhooks");
        Assert.Single(await _webhooks.InboxAsync());

        Assert.Equal(0, await DiscardAsync(import));
        await _app.FireUntilIdleAsync(_webhooks);

        Assert.Equal(trainings.Json(moved), (await _webhooks.MirrorAsync())[moved]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_deliveries_that_were_stored_together_one_is_taken_back(bool isTakenUpMeanwhile)
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(Ids[i])))));
        var bundles = (await _webhooks.InboxAsync()).FindAll(row => row.RowKey.StartsWith("Bundle-", StringComparison.Ordinal));
        Assert.NotEmpty(bundles);
        // Who takes one up writes it.
        var takenUp = new Lazy<Task>(() => Task.WhenAll(bundles.Select(bundle => _app.Storage.Table(WebhookStorage.Inbox)
            .UpdateEntityAsync(bundle, bundle.ETag, TableUpdateMode.Replace, Cancellation))));
        if (isTakenUpMeanwhile)
            _storage.Exchange = async (request, send) =>
            {
                if (request.Method == "DELETE" && request.Path.Value!.Contains("Bundle-", StringComparison.Ordinal))
                    await takenUp.Value;
                return await send();
            };

        foreach (var answer in answers.Skip(1))
            Assert.Equal(1, await DiscardAsync(answer.Json.GetProperty("delivery").GetString()!));
        await _app.FireUntilIdleAsync(_webhooks);

        Assert.Equal([Ids[0]], (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task An_import_that_is_under_way_is_taken_back()
    {
        var institute = _app.Simulator.Catalogue.Institutes.Ids[0];
        foreach (var id in Ids)
            _app.Simulator.Catalogue.Trainings.Update(id, training => training["institute_id"] = institute);
        _app.Simulator.Behaviour.Latency = new Latency(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(500));
        var delivery = await PostAsync(WebhookBodies.Import(institute));

        var run = _app.FireAsync("ApplyWebhooks");
        await _app.Simulator.Requests.WaitForAsync(request => request.Parameter("institute_id") is not null, Cancellation);
        Assert.Equal(1, await DiscardAsync(delivery));
        await run;

        Assert.Empty(await _webhooks.InboxAsync());
        // A page may have been asked for ahead of the one that was being applied.
        Assert.InRange(_app.Simulator.Requests.Snapshot().Count(request => request.Parameter("institute_id") is not null), 1, 2);
        Assert.InRange((await _webhooks.MirrorAsync()).Count, 0, 30);
    }

    [Fact]
    public async Task Made_up_ids_leave_requests_to_what_is_named_otherwise_and_none_is_dropped()
    {
        await using var app = await _app.AnotherInstanceAsync(new()
        {
            ["Springest:Quota:Limit"] = "200",
            ["Springest:Webhooks:InlineBudget"] = "00:00:30",
        });
        await PostAsync([.. Enumerable.Range(1, 500).Select(id => WebhookBodies.Destroy(id))]);
        for (var i = 0; i < 3; i++)
            await app.FireAsync("ApplyWebhooks");
        // Three quarters of 200 are what webhooks may take, of which 20 are left. Each id costs two reads and may cost a control read.
        Assert.InRange(_webhooks.Reads(), 60, 130);
        Assert.Equal(500, (await _webhooks.InboxAsync()).Count + (_webhooks.Reads() / 2));

        var answer = await new WebhookDriver(app).PostAsync(WebhookBodies.Changes(WebhookBodies.Update(Ids[0])));

        Assert.Equal((1, 0, 1), answer.Counts);
        Assert.Equal([Ids[0]], (await _webhooks.MirrorAsync()).Keys);
        await app.FireAsync("CrawlTrainings");
        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
    }

    [Fact]
    public async Task Made_up_ids_that_are_stored_together_with_another_leave_requests_to_it()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await _app.AnotherInstanceAsync(
            new()
            {
                // A tenth of the limit is one more than webhooks may take.
                ["Springest:Quota:Limit"] = "100",
                ["Springest:Quota:WebhookAloneShare"] = "0.09",
                ["Springest:Webhooks:InlineBudget"] = "00:00:30",
            },
            services => services.AddSingleton<TimeProvider>(clock));
        var (isWriting, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _storage.Exchange = async (request, send) =>
        {
            if (request.Method != "GET")
            {
                isWriting.TrySetResult();
                await goOn.Task;
            }

            return await send();
        };

        var first = ReceiveAsync(app);
        await isWriting.Task.WaitAsync(Cancellation);
        // While time stands still, all that comes during a write is written together after it.
        var bulk = ReceiveAsync(app, [.. Enumerable.Range(1, 150).Select(id => WebhookBodies.Destroy(id))]);
        var single = ReceiveAsync(app, WebhookBodies.Update(Ids[0]));
        goOn.SetResult();
        await clock.AdvanceUntilAsync(Task.WhenAll(first, bulk, single));

        Assert.Equal((0, 1), ((await bulk).Applied, (await single).Applied));
        Assert.All(await _webhooks.InboxAsync(), row => Assert.True(row.GetDateTimeOffset("NextAttempt") <= clock.GetUtcNow()));
        await app.FireAsync("ApplyWebhooks");
        Assert.Equal([Ids[0]], (await _webhooks.MirrorAsync()).Keys);
        Assert.Equal(1, _webhooks.Reads());
        Assert.Equal(150, (await _webhooks.InboxAsync()).Count);
    }

    [Fact]
    public async Task A_row_of_a_newer_format_is_left_alone()
    {
        await PostAsync(WebhookBodies.Update(Ids[0]));
        var row = Assert.Single(await _webhooks.InboxAsync());
        row["Format"] = InboxItemEntity.CurrentFormat + 1;
        await _app.Storage.Table(WebhookStorage.Inbox).UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancellation);

        await _app.FireAsync("ApplyWebhooks");

        Assert.Single(await _webhooks.InboxAsync());
        Assert.Equal(0, _webhooks.Reads());
    }

    [Fact]
    public async Task A_dead_letter_has_all_its_failures()
    {
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400, Times = 1, Body = """{"error":"Not today"}""" });
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 403, Body = """{"error":"Nor tomorrow"}""" });
        await PostAsync(WebhookBodies.Update(Ids[0]));
        for (var i = 0; i < 5; i++)
            await _app.FireAsync("ApplyWebhooks");

        var letter = Assert.Single(
            (await _webhooks.SendAsync(HttpMethod.Get, "webhooks/nl/dead-letters")).Json.GetProperty("items").EnumerateArray());

        var failures = letter.GetProperty("failures").EnumerateArray().ToList();
        Assert.Equal(
            ["400", "403", "403"],
            failures.Select(failure => failure.GetProperty("error").GetString()!)
                .Select(error => error.Contains("answered 400", StringComparison.Ordinal) ? "400" : "403"));
        Assert.Equal(failures.Select(failure => failure.GetProperty("at").GetDateTimeOffset()).Order(),
            failures.Select(failure => failure.GetProperty("at").GetDateTimeOffset()));
        Assert.Equal(failures[^1].GetProperty("error").GetString(), letter.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_replay_that_was_cut_off_goes_on_by_the_timer()
    {
        await RecordAsync(520, index => Ids[index < 20 ? index : 20 + (index % 20)]);
        var (puts, isAway) = (0, false);
        _storage.Exchange = async (request, send) =>
        {
            // The second write of what was named, and everything after it, is refused, and so not tried again.
            if (request.Path.Value!.EndsWith("$batch", StringComparison.Ordinal))
                isAway |= Interlocked.Increment(ref puts) > 1;
            return isAway ? new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new ByteArrayContent([]) } : await send();
        };

        var cut = await _webhooks.SendAsync(HttpMethod.Post, "manage/webhooks/nl/replay?from=2020-01-01");
        _storage.Exchange = async (_, send) => await send();
        Assert.Equal(HttpStatusCode.InternalServerError, cut.Status);
        Assert.True(puts > 1);
        await LetClaimsRunOutAsync();
        await _app.FireUntilIdleAsync(_webhooks);

        Assert.Equal(Ids, (await _webhooks.MirrorAsync()).Keys.Order());
    }

    private async Task<string> PostAsync(params string[] changes)
        => (await _webhooks.PostAsync(WebhookBodies.Changes(changes))).Json.GetProperty("delivery").GetString()!;

    /// <summary>Takes a webhook in; when this returns, it waits to be stored.</summary>
    private static Task<WebhookReceipt> ReceiveAsync(TestApp app, params string[] changes)
        => app.Get<WebhookReceiver>().ReceiveAsync(
            WebhookFeed.Trainings, TestApp.Site, new MemoryStream(Encoding.UTF8.GetBytes(WebhookBodies.Changes(changes))),
            new HeaderDictionary(), Cancellation);

    private async Task<int> DiscardAsync(string delivery)
    {
        var answer = await _webhooks.SendAsync(HttpMethod.Post, $"manage/webhooks/nl/deliveries/{delivery}/discard");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json.GetProperty("objects").GetInt32();
    }

    /// <summary>Has something done before the first transaction is carried out.</summary>
    private void BeforeTransactions(Lazy<Task> first)
        => _storage.Exchange = async (request, send) =>
        {
            if (request.Path.Value!.EndsWith("$batch", StringComparison.Ordinal))
                await first.Value;
            return await send();
        };

    /// <summary>Deliveries as if they had come one after another, each about one training, the oldest first.</summary>
    private async Task RecordAsync(int count, Func<int, long> named)
    {
        var now = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var deliveries = Enumerable.Range(0, count).Select(index =>
        {
            var delivery = DeliveryEntity.Create("nl", WebhookFeed.Trainings, now.AddMilliseconds(index));
            delivery.Content = Encoding.UTF8.GetBytes(WebhookBodies.Changes(WebhookBodies.Update(named(index))));
            delivery.Bytes = delivery.Content.Length;
            return delivery;
        });
        foreach (var together in deliveries.GroupBy(delivery => delivery.PartitionKey).SelectMany(group => group.Chunk(100)))
            await _app.Storage.Table(WebhookStorage.Deliveries).SubmitTransactionAsync(
                together.Select(delivery => new TableTransactionAction(TableTransactionActionType.Add, delivery)), Cancellation);
    }

    private async Task LetClaimsRunOutAsync()
    {
        var inbox = _app.Storage.Table(WebhookStorage.Inbox);
        foreach (var row in await _webhooks.InboxAsync())
        {
            row["NextAttempt"] = DateTimeOffset.UnixEpoch;
            await inbox.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancellation);
        }
    }
}
