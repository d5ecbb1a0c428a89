using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>The mirror over HTTP.</summary>
public sealed class ReadingTests(AzuriteFixture azurite)
{
    private readonly ShiftedClock _clock = new();

    [Fact]
    public async Task A_record_comes_as_the_API_gave_it_with_a_tag_that_saves_sending_it_again()
    {
        await using var app = await StartAsync();
        var id = app.Simulator.Catalogue.Trainings.Ids[3];

        using var response = await GetAsync(app, $"catalogue/nl/trainings/{id}");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith(
            app.Simulator.Catalogue.Trainings.Json(id)![..^1] + ",\"_mirror\":{\"lastChanged\":",
            text,
            StringComparison.Ordinal);
        Assert.Equal("Crawl", (string?)JsonNode.Parse(text)!["_mirror"]!["source"]);

        using var again = new HttpRequestMessage(HttpMethod.Get, $"catalogue/nl/trainings/{id}")
        {
            Headers = { IfNoneMatch = { response.Headers.ETag! } },
        };
        using var unchanged = await app.Http.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task A_deleted_record_is_shown_on_request_only()
    {
        await using var app = await StartAsync();
        var id = app.Simulator.Catalogue.Trainings.Ids[3];
        app.Simulator.Catalogue.Trainings.Remove(id);
        await app.FireAsync("CrawlTrainings");
        await app.FireAsync("CrawlTrainings");

        using var hidden = await GetAsync(app, $"catalogue/nl/trainings/{id}");
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        var shown = await JsonAsync(app, $"catalogue/nl/trainings/{id}?deleted=true");
        Assert.NotNull(shown["_mirror"]!["deletedAt"]);
    }

    [Fact]
    public async Task A_record_that_went_and_came_back_as_it_was_has_another_tag()
    {
        await using var app = await StartAsync();
        var id = app.Simulator.Catalogue.Trainings.Ids[3];
        using var before = await GetAsync(app, $"catalogue/nl/trainings/{id}");
        app.Simulator.Catalogue.Trainings.Show(id, visible: false);
        await app.FireAsync("CrawlTrainings");
        await app.FireAsync("CrawlTrainings");
        using var deleted = await GetAsync(app, $"catalogue/nl/trainings/{id}?deleted=true");
        app.Simulator.Catalogue.Trainings.Show(id, visible: true);
        await app.FireAsync("CrawlTrainings");
        using var after = await GetAsync(app, $"catalogue/nl/trainings/{id}");

        Assert.Equal(3, new[] { before, deleted, after }.Select(answer => answer.Headers.ETag).Distinct().Count());
    }

    [Fact]
    public async Task A_list_is_read_page_by_page()
    {
        await using var app = await StartAsync();
        var read = new List<long>();
        string? cursor = null;
        do
        {
            var page = await JsonAsync(app, $"catalogue/nl/trainings?top=7&cursor={cursor}");
            read.AddRange(page["items"]!.AsArray().Select(item => (long)item!["id"]!));
            cursor = (string?)page["cursor"];
        }
        while (cursor is not null);

        Assert.Equal(app.Simulator.Catalogue.Trainings.Ids, read);
    }

    [Fact]
    public async Task A_list_is_filtered_by_institute_subject_and_name()
    {
        await using var app = await StartAsync();
        var trainings = app.Simulator.Catalogue.Trainings.Snapshot().Select(record => record.ToObject()).ToList();
        var institute = (long)trainings[5]["institute_id"]!;
        var subject = (long)trainings[5]["subjects"]![0]!["id"]!;
        app.Simulator.Catalogue.Trainings.Update(
            (long)trainings[5]["id"]!,
            training => training["name"] = "Boekhouden voor (Zelf)standigen");
        await app.FireAsync("CrawlTrainings");

        Assert.Equal(
            trainings.Where(training => (long)training["institute_id"]! == institute).Select(training => (long)training["id"]!),
            await IdsAsync($"?institute={institute}"));
        Assert.Equal(
            trainings
                .Where(training => training["subjects"]!.AsArray().Any(each => (long)each!["id"]! == subject))
                .Select(training => (long)training["id"]!),
            await IdsAsync($"?subject={subject}"));
        Assert.Equal([(long)trainings[5]["id"]!], await IdsAsync("?q=zelf)STA"));
        Assert.Empty(await IdsAsync("?q=houden%20voor%20(Zelf"));

        async Task<IEnumerable<long>> IdsAsync(string query)
            => (await JsonAsync(app, $"catalogue/nl/trainings{query}"))["items"]!.AsArray().Select(item => (long)item!["id"]!);
    }

    [Fact]
    public async Task Changes_are_read_from_cursor_to_cursor_and_not_before_they_have_settled()
    {
        await using var app = await StartAsync();
        Assert.Empty((await JsonAsync(app, "catalogue/nl/trainings/changes"))["items"]!.AsArray());

        _clock.Shift += TimeSpan.FromMinutes(3);
        var first = await JsonAsync(app, "catalogue/nl/trainings/changes?top=25");
        var second = await JsonAsync(app, $"catalogue/nl/trainings/changes?top=25&after={first["cursor"]}");
        Assert.Equal(app.Simulator.Catalogue.Trainings.Ids, Ids(first).Concat(Ids(second)).Order());
        var end = await JsonAsync(app, $"catalogue/nl/trainings/changes?after={second["cursor"]}");
        Assert.Empty(Ids(end));

        var id = app.Simulator.Catalogue.Trainings.Ids[3];
        app.Simulator.Catalogue.Trainings.Update(id, training => training["name"] = "Anders");
        await app.FireAsync("CrawlTrainings");
        _clock.Shift += TimeSpan.FromMinutes(3);
        var later = await JsonAsync(app, $"catalogue/nl/trainings/changes?after={end["cursor"]}");
        Assert.Equal([id], Ids(later));
        Assert.Equal("Updated", (string?)later["items"]![0]!["change"]);

        static IEnumerable<long> Ids(JsonNode page) => page["items"]!.AsArray().Select(change => (long)change!["id"]!);
    }

    [Fact]
    public async Task Changes_can_be_followed_from_now_and_from_a_time()
    {
        await using var app = await StartAsync();
        _clock.Shift += TimeSpan.FromMinutes(3);
        var now = await JsonAsync(app, "catalogue/nl/trainings/changes?after=now");
        Assert.Empty(now["items"]!.AsArray());
        var id = app.Simulator.Catalogue.Trainings.Ids[3];
        app.Simulator.Catalogue.Trainings.Update(id, training => training["name"] = "Anders");
        await app.FireAsync("CrawlTrainings");
        _clock.Shift += TimeSpan.FromMinutes(3);

        Assert.Equal([id], Ids(await JsonAsync(app, $"catalogue/nl/trainings/changes?after={now["cursor"]}")));
        Assert.Equal(41, Ids(await JsonAsync(app, "catalogue/nl/trainings/changes?after=2026-01-31")).Count());
        Assert.Empty(Ids(await JsonAsync(app, $"catalogue/nl/trainings/changes?after={_clock.GetUtcNow().UtcDateTime:O}")));

        static IEnumerable<long> Ids(JsonNode page) => page["items"]!.AsArray().Select(change => (long)change!["id"]!);
    }

    [Fact]
    public async Task A_reader_who_follows_the_changes_is_not_sent_away_because_there_are_none()
    {
        await using var app = await StartAsync();
        var cursor = "";
        for (var days = 0; days <= 100; days += 20)
        {
            _clock.Shift += TimeSpan.FromMinutes(3);
            cursor = (string)(await JsonAsync(app, $"catalogue/nl/trainings/changes?after={cursor}"))["cursor"]!;
            _clock.Shift += TimeSpan.FromDays(20);
            await app.FireAsync("CrawlTrainings");
        }

        // Those that he has had are removed.
        Assert.Empty((await JsonAsync(app, "catalogue/nl/trainings/changes"))["items"]!.AsArray());
        Assert.Empty((await JsonAsync(app, $"catalogue/nl/trainings/changes?after={cursor}"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_reader_who_began_before_the_first_change_is_told_when_it_has_been_removed()
    {
        await using var app = await StartAsync();
        var cursor = (string?)(await JsonAsync(app, "catalogue/nl/trainings/changes"))["cursor"];
        _clock.Shift += TimeSpan.FromDays(100);
        app.Simulator.Catalogue.Trainings.Update(app.Simulator.Catalogue.Trainings.Ids[3], training => training["name"] = "Anders");
        await app.FireAsync("CrawlTrainings");
        await app.FireAsync("CrawlTrainings");
        _clock.Shift += TimeSpan.FromMinutes(3);

        using var answer = await GetAsync(app, $"catalogue/nl/trainings/changes?after={cursor}");

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Single((await JsonAsync(app, "catalogue/nl/trainings/changes"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_list_is_packed_for_who_can_unpack_it()
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "catalogue/nl/trainings")
        {
            Headers = { AcceptEncoding = { new("gzip") } },
        };
        using var response = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var lines = new GZipStream(
            await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        var page = await JsonNode.ParseAsync(lines, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(40, page!["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_passes_over_a_resource_are_listed_newest_first()
    {
        await using var app = await StartAsync();
        await app.FireAsync("CrawlTrainings");

        var first = await JsonAsync(app, "catalogue/nl/trainings/passes?top=1");
        var second = await JsonAsync(app, $"catalogue/nl/trainings/passes?top=1&cursor={first["cursor"]}");

        Assert.Equal((0, 40), ((int)first["items"]![0]!["created"]!, (int)second["items"]![0]!["created"]!));
        Assert.Equal("Full", (string?)first["items"]![0]!["kind"]);
    }

    [Fact]
    public async Task Undocumented_fields_and_types_that_change_are_listed_and_kept()
    {
        await using var app = await StartAsync();
        var (one, other) = (app.Simulator.Catalogue.Trainings.Ids[3], app.Simulator.Catalogue.Trainings.Ids[4]);
        app.Simulator.Catalogue.Trainings.Update(one, training => training["co2/#?"] = new JsonArray(1, 2));
        app.Simulator.Catalogue.Trainings.Update(one, training => training["institute"]!["mood"] = new JsonObject { ["today"] = "fine" });
        app.Simulator.Catalogue.Trainings.Update(one, training => training["subjects"]![0]!["id"] = "9101");
        app.Simulator.Catalogue.Trainings.Update(other, training => training["name"] = 7);
        await app.FireAsync("CrawlTrainings");

        var fields = (await JsonAsync(app, "catalogue/nl/trainings/fields"))["items"]!.AsArray();

        var unknown = fields.Where(field => !(bool)field!["known"]!).ToList();
        Assert.Equal(
            ["co2/#? array", "co2/#?[] number", "institute.mood object", "institute.mood.today string"],
            unknown.Select(field => $"{field!["field"]} {field["type"]}"));
        Assert.All(unknown, field => Assert.Equal((one, true), ((long)field!["firstSeenOn"]!, field["firstSeen"] is not null)));
        Assert.Equal(
            ["string"],
            fields.Where(field => (string?)field!["field"] == "subjects[].id").Select(field => (string?)field!["type"]));
        Assert.Contains(app.Logs.Lines, line => line.Contains("the field subjects[].id is now of type string", StringComparison.Ordinal));
        Assert.Equal(
            ["number"],
            fields.Where(field => (string?)field!["field"] == "name").Select(field => (string?)field!["type"]));
        Assert.Equal("fine", (string?)(await JsonAsync(app, $"catalogue/nl/trainings/{one}"))["institute"]!["mood"]!["today"]);
        Assert.Equal("[1,2]", (await JsonAsync(app, $"catalogue/nl/trainings/{one}"))["co2/#?"]!.ToJsonString());
    }

    [Theory]
    [InlineData("trainings?top=0")]
    [InlineData("trainings?top=1001")]
    [InlineData("trainings?top=many")]
    [InlineData("trainings?cursor=broken!")]
    [InlineData("trainings?after=")]
    [InlineData("trainings/changes?cursor=")]
    [InlineData("trainings/changes?q=cursus")]
    [InlineData("trainings?cursor=bmwvc3ViamVjdHN8MQ")]
    [InlineData("trainings?cursor=bmwvdHJhaW5pbmdzL2NoYW5nZXN8MQ")]
    [InlineData("trainings?institute=x")]
    [InlineData("subjects?institute=501001")]
    [InlineData("reviews?subject=9101")]
    [InlineData("reviews?q=goed")]
    [InlineData("trainings/changes?after=bmwvdHJhaW5pbmdzfDE")]
    public async Task A_wrong_parameter_is_a_bad_request(string path)
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);
        using var response = await GetAsync(app, $"catalogue/nl/{path}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("trainings")]
    [InlineData("trainings/1")]
    [InlineData("trainings/changes")]
    [InlineData("trainings/fields")]
    public async Task Nobody_reads_without_a_key(string path)
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);
        using var http = new HttpClient();
        using var response = await http.GetAsync(
            new Uri(app.Http.BaseAddress!, $"catalogue/nl/{path}"),
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("xx/trainings")]
    [InlineData("nl/secrets")]
    [InlineData("nl/secrets/changes")]
    [InlineData("nl/trainings/1")]
    public async Task Unknown_record_is_not_found(string path)
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);
        using var response = await GetAsync(app, $"catalogue/{path}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static Task<HttpResponseMessage> GetAsync(TestApp app, string path)
        => app.Http.GetAsync(path, TestContext.Current.CancellationToken);

    private static async Task<JsonNode> JsonAsync(TestApp app, string path)
        => (await app.Http.GetFromJsonAsync<JsonNode>(path, TestContext.Current.CancellationToken))!;

    private async Task<TestApp> StartAsync()
    {
        var app = await TestApp.StartAsync(
            azurite.Azurite,
            new SimulatorOptions { Trainings = 40, Subjects = 12, Certifications = 3 },
            settings: new() { ["Springest:Mirror:Trainings:FullPassInterval"] = "00:00:00" },
            services: services => services.AddSingleton<TimeProvider>(_clock));
        await app.FireAsync("CrawlTrainings");
        return app;
    }
}
