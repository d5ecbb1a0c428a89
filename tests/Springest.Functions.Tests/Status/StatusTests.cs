using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Functions.Tests.Status;

/// <summary>What the app tells people and probes of itself, and to whom.</summary>
public sealed class StatusTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private TestApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await TestApp.StartAsync(
        azurite.Azurite, settings: new() { ["Springest:Webhooks:MaxAttempts"] = "1" });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_app_that_has_just_been_set_up_has_a_status()
    {
        var status = await ReadAsync();

        var site = Assert.Single(status.GetProperty("sites").EnumerateArray());
        Assert.Equal(TestApp.Site, site.GetProperty("site").GetString());
        Assert.Equal(0, site.GetProperty("inbox").GetProperty("waiting").GetInt32());
        Assert.Empty(status.GetProperty("attention").EnumerateArray());
    }

    [Fact]
    public async Task The_status_shows_what_was_mirrored_taken_in_and_used()
    {
        await _app.FireAsync("CrawlTrainings");
        var ids = _app.Simulator.Catalogue.Trainings.Ids;
        await PostAsync($$"""{"changes":[{"action":"update","object":"training","id":{{ids[0]}} },{"action":"explode"}]}""");

        var status = await ReadAsync();

        var site = status.GetProperty("sites")[0];
        var trainings = Assert.Single(site.GetProperty("catalogue").EnumerateArray());
        Assert.Equal(
            ("Trainings", ids.Count),
            (trainings.GetProperty("resource").GetString(), trainings.GetProperty("records").GetInt32()));
        var delivery = Assert.Single(site.GetProperty("deliveries").EnumerateArray());
        Assert.Equal((1, 1), (delivery.GetProperty("accepted").GetInt32(), delivery.GetProperty("ignored").GetInt32()));
        var quota = site.GetProperty("quota")[0];
        Assert.InRange(quota.GetProperty("used").GetInt32(), _app.Simulator.Requests.Count, 100);
        Assert.InRange(quota.GetProperty("curve").EnumerateArray().Sum(span => span.GetInt32()), _app.Simulator.Requests.Count, 100);
        Assert.Equal(
            ["Submission", "Webhook", "Delta", "FullPass"],
            quota.GetProperty("left").EnumerateObject().Select(each => each.Name));
    }

    [Fact]
    public async Task What_was_given_up_waits_for_a_person()
    {
        var id = _app.Simulator.Catalogue.Trainings.Ids[0];
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });
        await PostAsync($$"""{"action":"update","id":{{id}} }""");

        var status = await ReadAsync();

        Assert.Equal(1, status.GetProperty("sites")[0].GetProperty("inbox").GetProperty("deadLettered").GetInt32());
        var item = Assert.Single(status.GetProperty("attention").EnumerateArray());
        Assert.Equal($"Training {id}", item.GetProperty("subject").GetString());
        Assert.Contains($"trainings/{id}", item.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_in_which_nothing_was_understood_waits_for_a_person()
    {
        await PostAsync("""{"changes":[{"action":"refresh","object":"training","id":7},{"action":"update","object":"teacher","id":7}]}""");

        var item = Assert.Single((await ReadAsync()).GetProperty("attention").EnumerateArray());

        Assert.StartsWith("Webhook ", item.GetProperty("subject").GetString(), StringComparison.Ordinal);
        Assert.Contains("None of its 2 changes was understood", item.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_that_is_no_longer_set_calls_nobody()
    {
        await _app
            .Storage.Table(CatalogueStorage.MirrorState)
            .AddEntityAsync(
                new SyncStateEntity
                {
                    PartitionKey = "uk",
                    RowKey = "Trainings",
                    Problem = "It was refused.",
                    HoldSince = DateTimeOffset.UnixEpoch,
                },
                TestContext.Current.CancellationToken);

        Assert.Empty((await ReadAsync()).GetProperty("attention").EnumerateArray());
    }

    [Fact]
    public async Task The_status_is_for_those_with_the_key()
    {
        using var http = Stranger();
        using var answer = await http.GetAsync("status", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_page_is_for_everybody_because_there_is_nothing_in_it()
    {
        using var http = Stranger();
        using var answer = await http.GetAsync("console", TestContext.Current.CancellationToken);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain(TestApp.Site + "\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_loads_nothing_and_runs_nothing_but_its_own()
    {
        using var answer = await _app.Http.GetAsync("console", TestContext.Current.CancellationToken);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<(script|style)[^>]*>[^<]", page);
    }

    [Fact]
    public async Task Health_is_for_every_probe()
    {
        using var http = Stranger();
        using var answer = await http.GetAsync("health", TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"status":"ok"}""", body);
        Assert.Equal(
            """{"status":"ok","access":"ok","tables":"ok","blobs":"ok","certificates":"ok","keys":"ok"}""",
            await _app.Http.GetStringAsync("health", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Health_says_when_storage_is_not_there()
    {
        await using var app = await StartAndTakeStorageAwayAsync();

        using var answer = await app.Http.GetAsync("health", TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("""{"status":"failed","access":"ok","tables":"failed","blobs":"failed","certificates":"failed","keys":"ok"}""", body);
    }

    private async Task<TestApp> StartAndTakeStorageAwayAsync()
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, TestContext.Current.CancellationToken);
        return await _app.AnotherInstanceAsync(new() { ["AzureWebJobsStorage"] = storage.ConnectionString });
    }

    private HttpClient Stranger() => new() { BaseAddress = _app.Http.BaseAddress };

    private async Task PostAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
        using var answer = await _app.Http.PostAsync($"webhooks/{TestApp.Site}/trainings", content, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<JsonElement> ReadAsync()
    {
        using var answer = await _app.Http.GetAsync("status", TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("canary", body, StringComparison.Ordinal);
        return JsonElement.Parse(body);
    }
}
