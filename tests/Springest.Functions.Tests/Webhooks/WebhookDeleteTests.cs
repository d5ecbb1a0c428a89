using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks.Processing;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Data;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>What webhooks may delete: nothing that the API still has, and not very much at once. A pass has mirrored all.</summary>
public sealed class WebhookDeleteTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private const int Count = 60;

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private TestApp _app = null!;
    private WebhookDriver _webhooks = null!;
    private List<long> _all = [];

    private RecordSet Trainings => _app.Simulator.Catalogue.Trainings;

    private RecordSet Institutes => _app.Simulator.Catalogue.Institutes;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("institutes", "there")]
    [InlineData("institutes", "down")]
    [InlineData("institutes", "404")]
    [InlineData("institutes", "no quota")]
    [InlineData("institutes", "little quota")]
    [InlineData("trainings", "there")]
    [InlineData("trainings", "down")]
    [InlineData("trainings", "404")]
    [InlineData("trainings", "no quota")]
    [InlineData("trainings", "little quota")]
    public async Task A_forged_body_deletes_nothing_that_the_api_still_has(string said, string api)
    {
        await StartAsync();
        await _app.FireAsync("CrawlInstitutes");
        var (trainings, institutes) = (await _webhooks.MirrorAsync(), await LiveInstitutesAsync());
        // More than may be deleted without a hold. What is made up is among it; FORGED sets how much where each costs its requests.
        var forged = api.EndsWith("quota", StringComparison.Ordinal) ? 200
            : Variable.Number("FORGED", 20);
        string[] changes = said == "institutes"
            ? [.. Institutes.Ids.Concat(MadeUp(12)).Take(12).Select(id => WebhookBodies.Institute("destroy", id))]
            : [.. Trainings.Ids.Take(forged).Concat(MadeUp(forged)).Select(WebhookBodies.Destroy)];
        if (api is "down" or "404")
            _app.Simulator.Behaviour.Faults.Add(new Fault { Status = api == "404" ? 404 : 400, Body = """{"error":"Not found"}""" });
        var left = api switch { "no quota" => 0, "little quota" => 10, _ => 50_000 };
        await using var app = await _app.AnotherInstanceAsync(new()
        {
            ["Springest:Quota:Limit"] = $"{_app.Simulator.Requests.Count + left}",
            ["Springest:Quota:WebhookShare"] = "1",
            ["Springest:Quota:WebhookAloneShare"] = "1",
            ["Springest:Quota:WebhookPatience"] = "00:00:01",
        });

        var answer = await new WebhookDriver(app).PostAsync(WebhookBodies.Changes(changes));
        for (var i = 0; i < 2; i++)
            await app.FireAsync("ApplyWebhooks");
        if (api == "there")
            await app.FireUntilIdleAsync(_webhooks);

        Assert.Equal((HttpStatusCode.OK, changes.Length), (answer.Status, answer.Counts.Accepted));
        Assert.Equal(trainings, await _webhooks.MirrorAsync());
        Assert.Equal(institutes, await LiveInstitutesAsync());
        Assert.DoesNotContain("Deleted", (await _webhooks.RowsAsync("Changes")).Select(change => change.GetString("Change")));
        var waiting = await _webhooks.InboxAsync();
        Assert.True(api != "there" == waiting.Count > 0, $"{waiting.Count}, such as {waiting.FirstOrDefault()?.GetString("Error")}");
    }

    [Fact]
    public async Task An_update_deletes_only_what_is_still_gone_five_minutes_later()
    {
        await StartAsync(_clock);
        var (gone, back) = (Trainings.Ids[0], Trainings.Ids[1]);
        Trainings.Show(gone, false);
        Trainings.Show(back, false);
        var all = (await _webhooks.MirrorAsync()).Keys.ToList();

        var answer = await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(gone), WebhookBodies.Update(back)));
        _clock.Advance(DeleteGuard.Confirmation - TimeSpan.FromSeconds(1));
        await _app.FireAsync("ApplyWebhooks");

        Assert.Equal(0, answer.Counts.Applied);
        Assert.Equal(all, (await _webhooks.MirrorAsync()).Keys);
        Assert.All(await _webhooks.InboxAsync(), row => Assert.False(row.GetBoolean("DeadLettered")));
        Trainings.Show(back, true);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _app.FireAsync("ApplyWebhooks");
        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Equal(all.Where(id => id != gone), (await _webhooks.MirrorAsync()).Keys);
    }

    [Theory]
    [InlineData("is here")]
    [InlineData("was deleted, and is back")]
    [InlineData("is new")]
    public async Task A_404_that_ended_with_the_outage_does_not_count(string training)
    {
        await StartAsync();
        var id = Trainings.Ids[0];
        if (training == "is new")
        {
            var record = Trainings.Get(id)!;
            record["id"] = id = 99_000_001;
            Trainings.Put(record);
        }
        else if (training != "is here")
        {
            Trainings.Show(id, false);
            await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Destroy(id)));
            Trainings.Show(id, true);
        }

        Assert.Equal(training == "is here", (await _webhooks.MirrorAsync()).ContainsKey(id));
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 404, Path = $"/trainings/{id}", Times = 1 });

        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Destroy(id)));

        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Contains(id, (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task Those_not_found_at_once_share_their_control_reads()
    {
        await StartAsync();
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 404, Path = "/trainings/" });
        _app.Simulator.Behaviour.Latency = new Latency(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));

        await _webhooks.PostAsync(WebhookBodies.Changes([.. _all.Take(8).Select(WebhookBodies.Destroy)]));

        Assert.Equal(8, (await _webhooks.InboxAsync()).Count);
        // Six for who comes first, and six for all who come meanwhile; not six for each.
        Assert.InRange(_webhooks.Reads() - 8, 6, 24);
    }

    [Fact]
    public async Task Many_deletes_within_an_hour_are_held_until_a_person_lets_them_go_ahead()
    {
        await StartAsync();
        var gone = await DestroyAsync(10);

        // A tenth of 60 are 6.
        Assert.Equal(Count - 6, (await _webhooks.MirrorAsync()).Count);
        Assert.Equal(4, (await _webhooks.InboxAsync()).Count);
        var status = await StatusAsync();
        Assert.Equal(4, status.GetProperty("sites")[0].GetProperty("inbox").GetProperty("held").GetInt32());
        Assert.Equal(0, status.GetProperty("sites")[0].GetProperty("inbox").GetProperty("waiting").GetInt32());
        var item = Assert.Single(status.GetProperty("attention").EnumerateArray());
        Assert.Equal("Trainings", item.GetProperty("subject").GetString());
        Assert.Contains("4 more are held", item.GetProperty("reason").GetString(), StringComparison.Ordinal);
        var reads = _webhooks.Reads();
        await _app.FireAsync("ApplyWebhooks");
        Assert.Equal(reads, _webhooks.Reads());

        var released = await _webhooks.SendAsync(HttpMethod.Post, "manage/webhooks/nl/held-deletes/trainings/release");
        await _app.FireUntilIdleAsync(_webhooks);

        Assert.Equal((HttpStatusCode.OK, 4), (released.Status, released.Json.GetProperty("objects").GetInt32()));
        Assert.Empty((await _webhooks.MirrorAsync()).Keys.Intersect(gone));
        Assert.Empty((await StatusAsync()).GetProperty("attention").EnumerateArray());
    }

    [Fact]
    public async Task Held_deletes_are_dropped_and_one_that_is_back_is_mirrored_meanwhile()
    {
        await StartAsync();
        var gone = await DestroyAsync(10);
        var back = (await _webhooks.MirrorAsync()).Keys.Intersect(gone).First();
        Trainings.Show(back, true);
        Trainings.Update(back, training => training["name"] = "Back");

        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Destroy(back)));
        Assert.Equal(Trainings.Json(back), (await _webhooks.MirrorAsync())[back]);
        var dropped = await _webhooks.SendAsync(HttpMethod.Post, "manage/webhooks/NL/held-deletes/Trainings/discard");

        Assert.Equal((HttpStatusCode.OK, 3), (dropped.Status, dropped.Json.GetProperty("objects").GetInt32()));
        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Equal(Count - 6, (await _webhooks.MirrorAsync()).Count);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await _webhooks.SendAsync(HttpMethod.Post, "manage/webhooks/nl/held-deletes/trainings/discard")).Status);

        // The hour goes on: no others go ahead instead of those that were dropped.
        await DestroyAsync(10, first: 10);
        Assert.Equal(Count - 6, (await _webhooks.MirrorAsync()).Count);
        Assert.Equal(10, (await _webhooks.InboxAsync()).Count);
    }

    [Fact]
    public async Task Deletes_are_counted_over_an_hour_and_by_all_instances()
    {
        await StartAsync(_clock);
        await using var other = await _app.AnotherInstanceAsync(services: services => services.AddSingleton<TimeProvider>(_clock));

        await DestroyAsync(6, first: 0);
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(Count - 6, (await _webhooks.MirrorAsync()).Count);
        await new WebhookDriver(other).PostAsync(WebhookBodies.Changes(WebhookBodies.Destroy(Gone(6))));
        Assert.Equal(Count - 6, (await _webhooks.MirrorAsync()).Count);
        await _webhooks.SendAsync(HttpMethod.Post, "manage/webhooks/nl/held-deletes/trainings/release");
        await _app.FireAsync("ApplyWebhooks");
        Assert.Equal(Count - 7, (await _webhooks.MirrorAsync()).Count);

        await DestroyAsync(6, first: 7);
        _clock.Advance(TimeSpan.FromMinutes(62));
        await DestroyAsync(6, first: 13);
        Assert.Equal(Count - 19, (await _webhooks.MirrorAsync()).Count);
    }

    /// <summary>Removes trainings at the API, and says so.</summary>
    private async Task<List<long>> DestroyAsync(int count, int first = 0)
    {
        var gone = Enumerable.Range(first, count).Select(Gone).ToList();
        await _webhooks.PostAsync(WebhookBodies.Changes([.. gone.Select(WebhookBodies.Destroy)]));
        return gone;
    }

    private long Gone(int index)
    {
        var id = _all[index];
        Trainings.Show(id, false);
        return id;
    }

    private static IEnumerable<long> MadeUp(int count) => Enumerable.Range(1, count).Select(id => (long)id);

    private async Task<List<long>> LiveInstitutesAsync()
        => [
            .. (await _webhooks.RowsAsync("Institutes"))
                .Where(row => !row.ContainsKey("DeletedAt"))
                .Select(row => long.Parse(row.RowKey, CultureInfo.InvariantCulture)),
        ];

    private async Task<JsonElement> StatusAsync() => (await _webhooks.SendAsync(HttpMethod.Get, "status")).Json;

    private async Task StartAsync(TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        _app = await TestApp.StartAsync(
            azurite.Azurite,
            new SimulatorOptions { Trainings = Count, Subjects = 1, Certifications = 1, TimeProvider = clock },
            settings: new()
            {
                // What comes by a timer is due at the next one.
                ["Springest:Webhooks:RetryDelay"] = "00:00:00.001",
                ["Springest:Webhooks:MaxRetryDelay"] = "00:00:00.001",
                ["Springest:Quota:Limit"] = "60000",
                ["Springest:Mirror:DeleteHoldShare"] = "0.1",
                ["Springest:Mirror:SnapshotsKept"] = "0",
            },
            services: services => services.AddSingleton(clock));
        _webhooks = new WebhookDriver(_app);
        _all = [.. Trainings.Ids];
        await _app.FireAsync("CrawlTrainings");
        Assert.Equal(Count, (await _webhooks.MirrorAsync()).Count);
    }
}
