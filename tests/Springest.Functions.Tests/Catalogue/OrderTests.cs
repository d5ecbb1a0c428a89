using System.Net;
using Azure.Data.Tables;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Behaviours;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>What operators can order, over HTTP, in the whole app.</summary>
public sealed class OrderTests(AzuriteFixture azurite)
{
    private static readonly Dictionary<string, string?> EveryTickIsAPass = new()
    {
        ["Springest:Mirror:Trainings:FullPassInterval"] = "00:00:00",
    };

    [Fact]
    public async Task When_half_is_missing_nothing_is_deleted_until_the_hold_is_released_and_each_has_been_looked_up()
    {
        await using var app = await StartAsync();
        var trainings = app.Simulator.Catalogue.Trainings;
        await app.FireAsync("CrawlTrainings");
        // The list drops half of them; three of these are there all the same.
        var (listed, gone) = (trainings.Ids.Take(20).ToList(), trainings.Ids.Skip(23).ToList());
        app.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Path = "/trainings.json",
                Status = 200,
                Body = $$$"""{"meta":{"results":20,"offset":0},"trainings":[{{{string.Join(',', listed.Select(trainings.Json))}}}]}""",
            });
        foreach (var id in gone)
            trainings.Remove(id);
        for (var pass = 0; pass < 3; pass++)
            await app.FireAsync("CrawlTrainings");
        Assert.Equal((20, 40), ((await StatusAsync(app)).HoldMissing, (await StatusAsync(app)).Records));
        Assert.Contains(
            app.Logs.Lines,
            line =>
                line.StartsWith("Error", StringComparison.Ordinal)
                && line.Contains("nl Trainings: 20 of 40 records are missing at once; deletes are held", StringComparison.Ordinal));
        Assert.Empty(LookedUp(app));

        await OrderAsync(app, "trainings/release");
        await app.FireAsync("CrawlTrainings");

        Assert.Null((await StatusAsync(app)).HoldSince);
        Assert.Equal(23, (await StatusAsync(app)).Records);
        // Those that are listed were asked for as control reads.
        var controls = trainings.Ids.Take(20).Select(id => $"/trainings/{id}.json").ToHashSet();
        Assert.Equal(
            trainings.Ids.Skip(20).Concat(gone).Select(id => $"/trainings/{id}.json").Order(),
            LookedUp(app).Where(path => !controls.Contains(path)).Order());
    }

    [Fact]
    public async Task A_discarded_hold_leaves_no_mark()
    {
        await using var app = await StartAsync();
        var trainings = app.Simulator.Catalogue.Trainings;
        await app.FireAsync("CrawlTrainings");
        foreach (var id in trainings.Ids.Take(20).ToList())
            trainings.Show(id, visible: false);
        await app.FireAsync("CrawlTrainings");

        await OrderAsync(app, "trainings/discard");
        await OrderAsync(app, "trainings/pause");
        await app.FireAsync("CrawlTrainings");

        Assert.Null((await StatusAsync(app)).HoldSince);
        Assert.Equal(40, (await StatusAsync(app)).Records);
        Assert.Empty(LookedUp(app));
        Assert.All(await RowsAsync(app, nameof(Trainings)), row => Assert.False(row.ContainsKey("MissingSince")));
    }

    [Fact]
    public async Task A_paused_resource_makes_no_request_until_it_is_resumed()
    {
        await using var app = await StartAsync();
        await OrderAsync(app, "trainings/pause");
        await app.FireAsync("CrawlTrainings");
        Assert.Equal(0, app.Simulator.Requests.Count);
        Assert.True((await StatusAsync(app)).IsPaused);

        await OrderAsync(app, "Trainings/Resume");
        await app.FireAsync("CrawlTrainings");
        Assert.Equal(40, (await StatusAsync(app)).Records);
    }

    [Fact]
    public async Task A_full_pass_can_be_started_before_it_is_due()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);
        await app.FireAsync("CrawlSubjects");
        await app.FireAsync("CrawlSubjects");
        Assert.Single(app.Simulator.Requests.Snapshot());

        await OrderAsync(app, "subjects/start");
        await app.FireAsync("CrawlSubjects");
        await app.FireAsync("CrawlSubjects");

        Assert.Equal(2, app.Simulator.Requests.Count);
    }

    [Fact]
    public async Task A_pass_that_is_forgotten_begins_anew()
    {
        await using var app = await StartAsync(
            new() { [$"Springest:Sites:{TestApp.Site}:Retries"] = "0", ["Springest:Mirror:Prefetch"] = "1" });
        app.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                When = request => request.Parameter("offset") == "30",
                Status = 503,
                Headers = new Dictionary<string, string> { ["Retry-After"] = "1" },
            });
        await app.FireAsync("CrawlTrainings");
        Assert.Equal(30, (await StatusAsync(app)).Pass!.Read);
        app.Simulator.Behaviour.Faults.Clear();
        app.Simulator.Requests.Clear();

        await OrderAsync(app, "trainings/abandon");
        await app.FireAsync("CrawlTrainings");

        Assert.Equal(["0", "30"], app.Simulator.Requests.Snapshot().Select(request => request.Parameter("offset") ?? "0"));
        Assert.Equal(40, (await StatusAsync(app)).Records);
        Assert.Empty(await RowsAsync(app, CatalogueStorage.MirrorPages));
    }

    [Fact]
    public async Task Every_order_is_recorded_with_its_time_and_when_it_was_carried_out()
    {
        await using var app = await StartAsync();
        string[] orders = ["Pause", "Start", "Abandon", "Release", "Discard", "Resume"];
        foreach (var order in orders)
            await OrderAsync(app, $"trainings/{order}");
        Assert.All(await RowsAsync(app, CatalogueStorage.MirrorCommands), row => Assert.False(row.GetBoolean("Done")));

        await app.FireAsync("CrawlTrainings");

        var recorded = await RowsAsync(app, CatalogueStorage.MirrorCommands);
        Assert.Equal(orders, recorded.Select(row => row.GetString("Command")));
        Assert.All(
            recorded,
            row => Assert.True(row.GetBoolean("Done") == true && row.GetDateTimeOffset("DoneAt") >= row.GetDateTimeOffset("EnqueuedAt")));
    }

    [Theory]
    [InlineData("nl/trainings/explode", HttpStatusCode.NotFound)]
    [InlineData("nl/trainings/1", HttpStatusCode.NotFound)]
    [InlineData("nl/secrets/start", HttpStatusCode.NotFound)]
    [InlineData("xx/trainings/start", HttpStatusCode.NotFound)]
    public async Task What_there_is_not_is_refused(string path, HttpStatusCode status)
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);

        Assert.Equal(status, await PostAsync(app, $"manage/catalogue/{path}", TestApp.OperatorKey));
    }

    [Fact]
    public async Task The_function_key_is_not_enough()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(app, "manage/catalogue/nl/trainings/start", TestApp.ViewerKey));
    }

    private static async Task OrderAsync(TestApp app, string order)
        => Assert.Equal(HttpStatusCode.Accepted, await PostAsync(app, $"manage/catalogue/nl/{order}", TestApp.OperatorKey));

    private static async Task<HttpStatusCode> PostAsync(TestApp app, string path, string key)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Http.BaseAddress!, path))
        {
            Headers = { { "x-access-key", key } },
        };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static List<string> LookedUp(TestApp app)
        => [
            .. app
                .Simulator.Requests.Snapshot()
                .Select(request => request.Path)
                .Where(path => path.StartsWith("/trainings/", StringComparison.Ordinal)),
        ];

    private static async Task<List<TableEntity>> RowsAsync(TestApp app, string table)
        => await app
            .Storage.Table(table)
            .QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    private static async Task<ResourceStatus> StatusAsync(TestApp app)
        => await app.Get<CatalogueStatus>()
            .ReadAsync(TestContext.Current.CancellationToken)
            .SingleAsync(status => status.Resource is nameof(Trainings));

    private Task<TestApp> StartAsync(Dictionary<string, string?>? settings = null)
        => TestApp.StartAsync(
            azurite.Azurite,
            new SimulatorOptions
            {
                Trainings = 40,
                Subjects = 3,
                Certifications = 3,
            },
            settings: EveryTickIsAPass.Concat(settings ?? []).ToDictionary());
}
