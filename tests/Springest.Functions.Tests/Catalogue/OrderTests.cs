using System.Net;
using Springest.Functions.Catalogue;
using Springest.Functions.Storage;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>What operators can order, over HTTP, in the whole app.</summary>
public sealed class OrderTests(AzuriteFixture azurite)
{
    private static readonly Dictionary<string, string?> EveryTickIsAPass = new() { ["Springest:Mirror:Trainings:FullPassInterval"] = "00:00:00" };

    [Fact]
    public async Task A_released_hold_deletes_after_looking_up()
    {
        await using var app = await StartAsync();
        var trainings = app.Simulator.Catalogue.Trainings;
        await app.FireAsync("CrawlTrainings");
        foreach (var id in trainings.Ids.Take(20).ToList())
            trainings.Remove(id);
        await app.FireAsync("CrawlTrainings");
        await app.FireAsync("CrawlTrainings");
        Assert.Equal(20, (await StatusAsync(app)).HoldMissing);
        Assert.Equal(40, (await StatusAsync(app)).Records);

        await OrderAsync(app, "trainings/release");
        await app.FireAsync("CrawlTrainings");

        Assert.Null((await StatusAsync(app)).HoldSince);
        Assert.Equal(20, (await StatusAsync(app)).Records);
        Assert.Equal(20, app.Simulator.Requests.Snapshot().Count(request => request.Path.StartsWith("/trainings/", StringComparison.Ordinal)));
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
        await foreach (var row in app.Storage.Table(Tables.Trainings).QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: TestContext.Current.CancellationToken))
            Assert.False(row.ContainsKey("MissingSince"));
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
    public async Task A_pass_can_be_started_before_it_is_due_and_one_in_progress_forgotten()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);
        await app.FireAsync("CrawlSubjects");
        await app.FireAsync("CrawlSubjects");
        Assert.Single(app.Simulator.Requests.Snapshot());

        await OrderAsync(app, "subjects/start");
        await OrderAsync(app, "subjects/forget");
        await app.FireAsync("CrawlSubjects");

        Assert.Equal(2, app.Simulator.Requests.Count);
    }

    [Theory]
    [InlineData("nl/trainings/explode", HttpStatusCode.NotFound)]
    [InlineData("nl/trainings/1", HttpStatusCode.NotFound)]
    [InlineData("nl/secrets/start", HttpStatusCode.NotFound)]
    [InlineData("xx/trainings/start", HttpStatusCode.NotFound)]
    public async Task What_there_is_not_is_refused(string path, HttpStatusCode status)
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);

        Assert.Equal(status, await PostAsync(app, $"manage/catalogue/{path}", TestApp.MasterKey));
    }

    [Fact]
    public async Task The_function_key_is_not_enough()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(app, "manage/catalogue/nl/trainings/start", TestApp.FunctionKey));
    }

    private static async Task OrderAsync(TestApp app, string order)
        => Assert.Equal(HttpStatusCode.Accepted, await PostAsync(app, $"manage/catalogue/nl/{order}", TestApp.MasterKey));

    private static async Task<HttpStatusCode> PostAsync(TestApp app, string path, string key)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Http.BaseAddress!, path)) { Headers = { { "x-functions-key", key } } };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<ResourceStatus> StatusAsync(TestApp app)
        => await app.Get<MirrorStatus>().ReadAsync(TestContext.Current.CancellationToken).SingleAsync(status => status.Resource is CatalogueResource.Trainings);

    private Task<TestApp> StartAsync() => TestApp.StartAsync(azurite.Azurite, new SimulatorOptions { Trainings = 40, Subjects = 3, Certifications = 3 }, settings: EveryTickIsAPass);
}
