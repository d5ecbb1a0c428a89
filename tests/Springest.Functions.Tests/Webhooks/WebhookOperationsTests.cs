using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;
using Springest.Functions.Webhooks.Inbox;
using Springest.Simulator.Behaviours;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>What an operator can do, and what time does: deliveries, replay, what was given up, conversions, and what is kept.</summary>
public sealed class WebhookOperationsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Booking = """
        {
          "first_name": "Noor", "last_name": "Voorbeeld", "email": "deelnemer@example.test",
          "phone_number": "0300000000", "birthdate": "1990-04-05",
          "birthplace": "Gouda", "company_name": "Proef BV", "address": "Dorpsstraat", "house_number": "12b",
          "zip_code": "1234 AB", "city": "Utrecht"
        }
        """;

    private TestApp _app = null!;
    private WebhookDriver _webhooks = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IReadOnlyList<long> Ids => _app.Simulator.Catalogue.Trainings.Ids;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync(azurite.Azurite, settings: new() { ["Springest:Webhooks:MaxAttempts"] = "1" });
        _webhooks = new WebhookDriver(_app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_delivery_is_listed_looked_at_and_replayed()
    {
        var body = WebhookBodies.Changes(WebhookBodies.Update(Ids[0]), "{}");
        var id = (await _webhooks.PostAsync(body)).Json.GetProperty("delivery").GetString();
        _app.Simulator.Catalogue.Trainings.Update(Ids[0], training => training["name"] = "Changed without a word");

        var listed = Assert.Single((await GetAsync("webhooks/nl/deliveries")).GetProperty("items").EnumerateArray());
        var looked = await GetAsync($"webhooks/nl/deliveries/{id}");
        var replayed = await PostAsync($"manage/webhooks/nl/deliveries/{id}/replay");
        await _app.FireUntilIdleAsync(_webhooks);

        Assert.Equal(
            (id, 1, 1),
            (listed.GetProperty("id").GetString(), listed.GetProperty("accepted").GetInt32(), listed.GetProperty("ignored").GetInt32()));
        Assert.False(listed.TryGetProperty("body", out _));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(looked.GetProperty("body").GetRawText())));
        Assert.Equal(("Training", Ids[0], "done"), Named(Assert.Single(looked.GetProperty("named").EnumerateArray())));
        Assert.Equal((1, 1), (replayed.GetProperty("deliveries").GetInt32(), replayed.GetProperty("objects").GetInt32()));
        Assert.Equal(_app.Simulator.Catalogue.Trainings.Json(Ids[0]), (await _webhooks.MirrorAsync())[Ids[0]]);
    }

    [Theory]
    [InlineData("deliveries/{id}/replay")]
    [InlineData("replay?from=2026-01-01")]
    public async Task What_was_not_understood_waits_until_a_version_that_does_replays_it(string replay)
    {
        var body = $$"""{"changes":[{"action":"refresh","object":"training","id":{{Ids[0]}}}]}""";
        var id = (await _webhooks.PostAsync(body)).Json.GetProperty("delivery").GetString()!;
        replay = $"manage/webhooks/nl/{replay.Replace("{id}", id, StringComparison.Ordinal)}";
        var deliveries = _app.Get<DeliveryStore>();
        Task<int> WaitingAsync() => deliveries.ListNotUnderstoodAsync("nl", Cancellation).CountAsync(Cancellation).AsTask();
        await PostAsync(replay);
        Assert.Equal(1, await WaitingAsync());

        // Of the same length, and in a word that this version knows.
        var delivery = (await deliveries.FindAsync("nl", id, Cancellation))!;
        delivery.Content = Encoding.UTF8.GetBytes(body.Replace("\"refresh\"", "\"update\" ", StringComparison.Ordinal));
        await _app.Storage.Table(WebhookStorage.Deliveries).UpdateEntityAsync(delivery, ETag.All, cancellationToken: Cancellation);
        await PostAsync(replay);

        Assert.Equal(0, await WaitingAsync());
        await _app.FireUntilIdleAsync(_webhooks);
        Assert.Equal(_app.Simulator.Catalogue.Trainings.Json(Ids[0]), (await _webhooks.MirrorAsync())[Ids[0]]);
    }

    [Fact]
    public async Task Dead_letters_are_told_of_however_many_objects_wait()
    {
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(Ids[^1])));
        await using var slow = await _app.AnotherInstanceAsync(new() { ["Springest:Webhooks:InlineBudget"] = "00:00:00" });
        await new WebhookDriver(slow).PostAsync(WebhookBodies.Changes([.. Ids.Take(20).Select(WebhookBodies.Update)]));

        var summary = await _app.Get<WebhookInbox>().SummariseAsync("nl", most: 10, Cancellation);

        Assert.Equal((10, true), (summary.Waiting, summary.More));
        Assert.EndsWith($"{Ids[^1]}", Assert.Single(summary.DeadLettered).RowKey, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_delivery_names_is_shown_with_what_became_of_it()
    {
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400, Path = $"/trainings/{Ids[0]}" });
        var answer = await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(Ids[0]), WebhookBodies.Update(Ids[1])));
        var many = await _webhooks.PostAsync(WebhookBodies.Changes([.. Enumerable.Range(1, 1001).Select(id => WebhookBodies.Destroy(id))]));

        var (few, waiting) = (await LookAsync(answer), await LookAsync(many));

        Assert.Equal([("Training", Ids[0], "dead-lettered"), ("Training", Ids[1], "done")], few.Select(Named));
        Assert.Equal((1, JsonValueKind.String), (few[0].GetProperty("attempts").GetInt32(), few[0].GetProperty("error").ValueKind));
        Assert.Equal(Enumerable.Range(1, 100).Select(id => ("Training", (long)id, "waiting")), waiting.Select(Named));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public async Task A_body_as_large_as_a_row_takes_and_one_that_is_larger_are_kept_shown_and_replayed(int over, int blobs)
    {
        var body = WebhookBodies.Changes(WebhookBodies.Update(Ids[0]));
        body = body.PadRight(DeliveryEntity.MostBytesInRow + over);

        var id = (await _webhooks.PostAsync(body)).Json.GetProperty("delivery").GetString()!;

        Assert.Equal([body], await _webhooks.BodiesAsync());
        var container = _app.Storage.Container(WebhookStorage.Bodies);
        Assert.Equal(blobs, await container.GetBlobsAsync(cancellationToken: Cancellation).CountAsync(Cancellation));
        var shown = (await GetAsync($"webhooks/nl/deliveries/{id}")).GetProperty("body");
        Assert.Equal(Ids[0], shown.GetProperty("changes")[0].GetProperty("id").GetInt64());
        Assert.Equal(1, (await PostAsync("manage/webhooks/nl/replay?from=2026-01-01")).GetProperty("objects").GetInt32());
    }

    [Theory]
    [InlineData("http://api.springest.nl/trainings/7", 0)]
    [InlineData("https://api.springest.nl/trainings/7.json?x=1", 0)]
    [InlineData("http:\\/\\/api.springest.nl\\/trainings\\/7", 0)]
    [InlineData("http://api.springest.nl/trainings/8", 1)]
    [InlineData("http://api.springest.nl/trainings/70", 1)]
    [InlineData("http://api.springest.nl/institutes/7", 1)]
    [InlineData("file:///etc/7", 1)]
    [InlineData("7", 1)]
    [InlineData("http://api.springest.nl/\\ud800/7", 1)]
    public async Task A_url_that_leads_elsewhere_is_told_of(string url, int expected)
    {
        await _webhooks.PostAsync(
            WebhookBodies.Changes($$"""{"url":"{{url}}","action":"update","object":"training","id":7}""", WebhookBodies.Destroy(8)));

        var listed = Assert.Single((await GetAsync("webhooks/nl/deliveries")).GetProperty("items").EnumerateArray());

        Assert.Equal((2, expected), (listed.GetProperty("accepted").GetInt32(), listed.GetProperty("otherUrls").GetInt32()));
    }

    [Fact]
    public async Task A_span_is_replayed_with_each_object_once()
    {
        for (var i = 0; i < 6; i++)
            await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(Ids[i % 2]), WebhookBodies.Update(Ids[2])));
        _app.Simulator.Requests.Clear();

        var replayed = await PostAsync($"manage/webhooks/nl/replay?from={DateTimeOffset.UnixEpoch:yyyy-MM-dd}");
        var none = await PostAsync("manage/webhooks/nl/replay?from=2020-01-01&to=2020-12-31");
        await _app.FireUntilIdleAsync(_webhooks);

        Assert.Equal((6, 3), (replayed.GetProperty("deliveries").GetInt32(), replayed.GetProperty("objects").GetInt32()));
        Assert.Equal(0, none.GetProperty("deliveries").GetInt32());
        Assert.Equal(3, _webhooks.Reads());
    }

    [Fact]
    public async Task What_was_dead_lettered_is_listed_and_retried_or_dropped()
    {
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(Ids[0]), WebhookBodies.Update(Ids[1])));
        _app.Simulator.Behaviour.Faults.Clear();

        var listed = (await GetAsync("webhooks/nl/dead-letters"))
            .GetProperty("items")
            .EnumerateArray()
            .Select(row => row.GetProperty("key").GetString()!)
            .ToList();
        Assert.Equal([$"Training-{Ids[0]:D19}", $"Training-{Ids[1]:D19}"], listed);
        await PostAsync($"manage/webhooks/nl/dead-letters/{listed[0]}/retry");
        await PostAsync($"manage/webhooks/nl/dead-letters/{listed[1]}/discard");
        await _app.FireAsync("ApplyWebhooks");

        Assert.Empty(await _webhooks.InboxAsync());
        Assert.Equal([Ids[0]], (await _webhooks.MirrorAsync()).Keys);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await _webhooks.SendAsync(HttpMethod.Post, $"manage/webhooks/nl/dead-letters/{listed[0]}/retry")).Status);
    }

    [Fact]
    public async Task A_conversion_is_read_again_and_kept_as_received()
    {
        var booking = await BookAsync(Ids[0]);

        var answer = await _webhooks.PostToAsync("webhooks/nl/conversions", WebhookBodies.Changes(
            $$"""{"action":"update","object":"conversion","id":{{booking}},"url":"http://api.springest.nl/bookings/{{booking}}"}""",
            """{"action":"destroy","object":"conversion","id":999999}"""));

        Assert.Equal((2, 0, 2), answer.Counts);
        var rows = (await _webhooks.RowsAsync(WebhookStorage.Conversions)).ToDictionary(row => long.Parse(row.RowKey));
        Assert.Equal($"{booking}", JsonElement.Parse(rows[booking].GetString("Json")).GetProperty("id").GetString());
        Assert.True(rows[999999].GetBoolean("Deleted"));
    }

    [Fact]
    public async Task A_conversion_counts_as_gone_if_another_is_found_and_keeps_what_was_received()
    {
        var (gone, other) = (await BookAsync(Ids[0]), await BookAsync(Ids[1]));
        Assert.Equal((1, 1), (await TellAsync(gone), await TellAsync(other)));
        var received = (await ConversionAsync(gone)).GetString("Json");

        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 404, Path = "/conversions" });
        Assert.Equal(0, await TellAsync(gone));
        Assert.Equal((received, false), Kept(await ConversionAsync(gone)));
        Assert.Single(await _webhooks.InboxAsync());

        // The last answer of the outage.
        _app.Simulator.Behaviour.Faults.Clear();
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 404, Path = $"/conversions/{gone}", Times = 1 });
        Assert.Equal(1, await TellAsync(gone));
        Assert.Equal((received, false), Kept(await ConversionAsync(gone)));

        _app.Simulator.Bookings.Remove(gone);
        Assert.Equal(1, await TellAsync(gone));
        Assert.Equal((received, true), Kept(await ConversionAsync(gone)));

        // With no other to compare with, that the list can be read must do.
        _app.Simulator.Bookings.Remove(other);
        Assert.Equal(1, await TellAsync(other));
        Assert.True((await ConversionAsync(other)).GetBoolean("Deleted"));
        Assert.Empty(await _webhooks.InboxAsync());

        // How many were applied.
        async Task<int> TellAsync(long id)
            => (await _webhooks.PostToAsync(
                "webhooks/nl/conversions",
                WebhookBodies.Changes($$"""{"action":"update","object":"conversion","id":{{id}} }"""))).Counts.Applied;

        async Task<TableEntity> ConversionAsync(long id)
            => (await _webhooks.RowsAsync(WebhookStorage.Conversions)).Single(row => long.Parse(row.RowKey) == id);

        static (string?, bool?) Kept(TableEntity row) => (row.GetString("Json"), row.GetBoolean("Deleted"));
    }

    /// <summary>A column ends at 30,000 characters; an emoji is two of them.</summary>
    [Theory]
    [InlineData(29_998)]
    [InlineData(29_999)]
    [InlineData(30_000)]
    [InlineData(59_998)]
    [InlineData(59_999)]
    public async Task A_long_conversion_is_kept_whole_wherever_its_columns_end(int emojiAt)
    {
        const string start = """{"id":7,"message":" """;
        var json = start + new string('x', emojiAt - start.Length) + "😀" + new string('y', 100) + "\"}";
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 200, Path = "/conversions/7", Body = json });

        await _webhooks.PostToAsync(
            "webhooks/nl/conversions",
            WebhookBodies.Changes("""{"action":"update","object":"conversion","id":7}"""));

        var row = Assert.Single(await _webhooks.RowsAsync(WebhookStorage.Conversions));
        Assert.Equal(json, row.GetString("Json") + row.GetString("Json2") + row.GetString("Json3"));
    }

    [Theory]
    [InlineData("""[{"anything":1}]""", HttpStatusCode.OK)]
    [InlineData("""{"conversion":{"id":7}}""", HttpStatusCode.OK)]
    [InlineData("""{"changes":null}""", HttpStatusCode.OK)]
    [InlineData("""[{"anything":1]""", HttpStatusCode.BadRequest)]
    [InlineData("hello", HttpStatusCode.BadRequest)]
    public async Task Of_conversions_any_json_is_kept(string body, HttpStatusCode expected)
    {
        var answer = await _webhooks.PostToAsync("webhooks/nl/conversions", body);

        Assert.Equal(expected, answer.Status);
        Assert.Equal(expected is HttpStatusCode.OK ? [body] : [], await _webhooks.BodiesAsync());
    }

    [Fact]
    public async Task More_bodies_than_fit_are_told_to_come_back()
    {
        await using var app = await TestApp.StartAsync(
            azurite.Azurite, simulator: _app.Simulator, settings: new()
            {
                ["Springest:Webhooks:MaxBodyBytes"] = "1000000",
                ["Springest:Webhooks:MaxBufferedBytes"] = "2000000",
                ["Springest:Webhooks:InlineBudget"] = "00:00:00",
            });
        var webhooks = new WebhookDriver(app);
        var body = $$"""{"changes":[],"note":"{{new string('x', 900_000)}}"}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => webhooks.PostAsync(body)));

        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }));
        Assert.Contains(answers, answer => answer.Status is HttpStatusCode.OK);
        Assert.Contains(answers, answer => answer.Status is HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null);
        Assert.Equal(HttpStatusCode.OK, (await webhooks.PostAsync(body)).Status);
        Assert.Equal(answers.Count(answer => answer.Status is HttpStatusCode.OK) + 1, (await webhooks.BodiesAsync()).Count);
    }

    private async Task<long> BookAsync(long training)
    {
        using var http = new HttpClient { BaseAddress = _app.Simulator.Address };
        using var answer = await http.PostAsync(
            $"trainings/{training}/bookings.json?api_key={TestApp.ApiKey}",
            new StringContent(Booking, null, "application/json"),
            TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return long.Parse(JsonElement.Parse(text).GetProperty("id").GetString()!);
    }

    private async Task<List<JsonElement>> LookAsync(WebhookDriver.Answer answer)
        => [
            .. (await GetAsync($"webhooks/nl/deliveries/{answer.Json.GetProperty("delivery").GetString()}"))
                .GetProperty("named")
                .EnumerateArray(),
        ];

    private static (string, long, string) Named(JsonElement named)
        => (named.GetProperty("object").GetString()!, named.GetProperty("id").GetInt64(), named.GetProperty("state").GetString()!);

    private async Task<JsonElement> GetAsync(string path) => Succeeded(await _webhooks.SendAsync(HttpMethod.Get, path));

    private async Task<JsonElement> PostAsync(string path) => Succeeded(await _webhooks.SendAsync(HttpMethod.Post, path));

    private static JsonElement Succeeded(WebhookDriver.Answer answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json;
    }
}
