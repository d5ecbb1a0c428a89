using System.Text.Json;
using System.Text.RegularExpressions;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>What the resources differ in: how their lists are asked for, and how a single record is found.</summary>
public sealed class ResourceTests(AzuriteFixture azurite)
{
    private static readonly SimulatorOptions Sizes = new() { Trainings = 60, Subjects = 10, Certifications = 5 };

    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..12];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Paths => [.. MirroredResources.All.Select(description => description.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Every_resource_has_a_timer_and_can_be_read_exported_and_ordered(string path)
    {
        await using var app = await TestApp.StartAsync(
            azurite.Azurite, Sizes, settings: new() { ["Springest:Mirror:SnapshotsKept"] = "3" });
        var name = MirroredResources.Find(path)!.Name;
        var set = app.Simulator.Catalogue[path]!;

        Assert.Contains($"Springest:Mirror:{name}:Schedule", MirrorProcess.Schedules());
        await app.FireAsync($"Crawl{name}");

        using var list = JsonDocument.Parse(await app.Http.GetStringAsync($"catalogue/nl/{path}?top=1000", Cancellation));
        Assert.Equal(set.Ids, list.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
        using var one = await app.Http.GetAsync($"catalogue/nl/{path}/{set.Ids[0]}", Cancellation);
        Assert.True(one.IsSuccessStatusCode);
        var latest = await app
            .Storage.Container(CatalogueStorage.Snapshots)
            .GetBlobClient($"nl/{path}/latest.json")
            .DownloadContentAsync(Cancellation);
        Assert.Equal(set.Count, JsonDocument.Parse(latest.Value.Content).RootElement.GetProperty("records").GetInt32());
        using var status = JsonDocument.Parse(await app.Http.GetStringAsync("status", Cancellation));
        var shown = Assert.Single(status.RootElement.GetProperty("sites")[0].GetProperty("catalogue").EnumerateArray());
        Assert.Equal((name, set.Count), (shown.GetProperty("resource").GetString(), shown.GetProperty("records").GetInt32()));

        using var order = new HttpRequestMessage(HttpMethod.Post, $"manage/catalogue/nl/{path}/start")
        {
            Headers = { { "x-access-key", TestApp.OperatorKey } },
        };
        using var accepted = await app.Http.SendAsync(order, Cancellation);
        Assert.True(accepted.IsSuccessStatusCode);
        app.Simulator.Requests.Clear();
        await app.FireAsync($"Crawl{name}");
        Assert.Equal((set.Count + 29) / 30, app.Simulator.Requests.Count);
    }

    /// <summary>
    /// So another resource is another file, a line and a timer. The other four are named where webhooks, certificates or columns are about
    /// them.
    /// </summary>
    [Theory]
    [InlineData(nameof(Categories))]
    [InlineData(nameof(Reviews))]
    public void A_resource_is_a_file_a_line_and_a_timer(string name)
    {
        var named = Directory.GetFiles(Path.Combine(Repository.Root, "src/Springest.Functions"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Regex.IsMatch(File.ReadAllText(file), $@"\b{name}\b"));

        Assert.Equal(
            ["CrawlFunctions.cs", "MirroredResources.cs", $"{name}.cs"],
            named.Select(Path.GetFileName).OrderBy(file => file == $"{name}.cs").ThenBy(file => file));
    }

    [Fact]
    public async Task Categories_are_asked_for_in_version_2_whose_total_is_the_count()
    {
        await using var simulator = await SimulatorServer.StartAsync(Sizes, Cancellation);
        await using var app = await StartAsync(simulator);

        await app.CompleteAsync(Categories.Description);

        Assert.All(simulator.Requests.Snapshot(), request => Assert.Equal("2", request.Parameter("version")));
        Assert.Equal(21, (await app.RecordsAsync(nameof(Categories))).Count);
    }

    [Fact]
    public async Task A_review_that_lists_omit_is_looked_for_among_those_of_its_institute()
    {
        await using var simulator = await SimulatorServer.StartAsync(Sizes, Cancellation);
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync(Reviews.Description);
        var reviews = simulator.Catalogue.Reviews;
        var (gone, hidden) = (reviews.Ids[2], reviews.Ids[5]);
        reviews.Remove(gone);
        var listed = string.Join(',', reviews.Ids.Where(id => id != hidden).Select(reviews.Json));
        simulator.Behaviour.Faults.Add(new Fault
        {
            Path = "/reviews.json", Status = 200, Body = $$$"""{"meta":{"results":{{{reviews.Count - 1}}}},"reviews":[{{{listed}}}]}""",
        });

        for (var pass = 0; pass < 3; pass++)
            await app.CompleteAsync(Reviews.Description);

        Assert.Equal(
            [$"Deleted {gone}"],
            (await app.ChangesAsync()).Where(change => change.StartsWith("Deleted", StringComparison.Ordinal)));
        Assert.Contains(hidden, (await app.RecordsAsync(nameof(Reviews))).Keys);
        Assert.DoesNotContain(simulator.Requests.Snapshot(), request => request.Path.StartsWith("/reviews/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"rating\":1,")]
    [InlineData("\"\\ud800\":1,")]
    public async Task A_review_with_a_name_twice_or_half_a_character_in_one_goes_like_any_other(string field)
    {
        await using var simulator = await SimulatorServer.StartAsync(Sizes, Cancellation);
        await using var app = await StartAsync(simulator);
        var reviews = simulator.Catalogue.Reviews;
        var gone = reviews.Ids[2];
        var listed = string.Join(',', reviews.Ids.Select(id => id == gone ? $"{{{field}{reviews.Json(id)![1..]}" : reviews.Json(id)));
        simulator.Behaviour.Faults.Add(new Fault
        {
            Path = "/reviews.json", Status = 200, Body = $$$"""{"meta":{"results":{{{reviews.Count}}}},"reviews":[{{{listed}}}]}""",
        });
        await app.CompleteAsync(Reviews.Description);
        Assert.Contains(gone, (await app.RecordsAsync(nameof(Reviews))).Keys);
        simulator.Behaviour.Faults.Clear();
        reviews.Remove(gone);

        for (var pass = 0; pass < 2; pass++)
            await app.CompleteAsync(Reviews.Description);

        Assert.Equal($"Deleted {gone}", (await app.ChangesAsync())[^1]);
        Assert.Equal(reviews.Ids, (await app.RecordsAsync(nameof(Reviews))).Keys.Order());
    }

    [Fact]
    public async Task Reviews_of_one_institute_are_looked_for_in_one_reading_of_its_list()
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = 400,
                Subjects = 3,
                Certifications = 3,
            },
            Cancellation);
        await using var app = await StartAsync(simulator, new() { ["Springest:Mirror:DeleteHoldMinimum"] = "1000" });
        var reviews = simulator.Catalogue.Reviews;
        foreach (var id in reviews.Ids)
            reviews.Update(id, review => review["institute_id"] = simulator.Catalogue.Institutes.Ids[0]);
        await app.CompleteAsync(Reviews.Description);
        var gone = reviews.Ids.Where((_, index) => index % 3 == 0).ToList();
        foreach (var id in gone)
            reviews.Remove(id);
        await app.CompleteAsync(Reviews.Description);
        simulator.Requests.Clear();

        await app.CompleteAsync(Reviews.Description);

        Assert.True(gone.Count > 8);
        Assert.Equal(reviews.Ids, (await app.RecordsAsync(nameof(Reviews))).Keys.Order());
        Assert.Equal(2 * ((reviews.Count + 29) / 30), simulator.Requests.Count);
    }

    [Theory]
    [InlineData("""{"meta":{"results":9},"reviews":[]}""")]
    [InlineData("""{"meta":{"results":3},"reviews":[{"id":1},{"id":2},{"id":1}]}""")]
    public async Task A_list_of_an_institute_s_reviews_that_breaks_off_or_repeats_one_proves_nothing(string list)
    {
        await using var simulator = await SimulatorServer.StartAsync(Sizes, Cancellation);
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync(Reviews.Description);
        var reviews = simulator.Catalogue.Reviews;
        var id = reviews.Ids[5];
        simulator.Behaviour.Faults.Add(
            new Fault
            {
                When = request => request.Path.StartsWith("/institutes/", StringComparison.Ordinal),
                Status = 200,
                Body = list,
            });
        var listed = string.Join(',', reviews.Ids.Where(other => other != id).Select(reviews.Json));
        simulator.Behaviour.Faults.Add(new Fault
        {
            Path = "/reviews.json", Status = 200, Body = $$$"""{"meta":{"results":{{{reviews.Count - 1}}}},"reviews":[{{{listed}}}]}""",
        });

        for (var pass = 0; pass < 3; pass++)
            await app.CompleteAsync(Reviews.Description);

        Assert.Contains(id, (await app.RecordsAsync(nameof(Reviews))).Keys);
        Assert.DoesNotContain(await app.ChangesAsync(), change => change.StartsWith("Deleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_review_goes_with_its_institute()
    {
        await using var simulator = await SimulatorServer.StartAsync(Sizes, Cancellation);
        await using var app = await StartAsync(simulator, new() { ["Springest:Mirror:DeleteHoldMinimum"] = "1000" });
        await app.CompleteAsync(Reviews.Description);
        var reviews = simulator.Catalogue.Reviews;
        var institute = reviews.Get(reviews.Ids[0])!["institute_id"]!.GetValue<long>();
        var gone = reviews.Ids.Where(id => reviews.Get(id)!["institute_id"]!.GetValue<long>() == institute).ToList();
        simulator.Catalogue.Institutes.Remove(institute);
        foreach (var id in gone)
            reviews.Remove(id);

        for (var pass = 0; pass < 2; pass++)
            await app.CompleteAsync(Reviews.Description);

        Assert.Equal(reviews.Ids, (await app.RecordsAsync(nameof(Reviews))).Keys.Order());
    }

    [Fact]
    public async Task An_institute_can_be_read_again_at_once()
    {
        await using var simulator = await SimulatorServer.StartAsync(Sizes, Cancellation);
        await using var app = await StartAsync(simulator);
        var institutes = simulator.Catalogue.Institutes;
        var id = institutes.Ids[1];

        Assert.Equal(ApplyOutcome.Created, await RefreshAsync());
        institutes.Update(id, institute => institute["name"] = "Een andere naam");
        Assert.Equal(ApplyOutcome.Updated, await RefreshAsync());
        Assert.Equal(institutes.Json(id), Assert.Single(await app.RecordsAsync(nameof(Institutes))).Value);
        institutes.Remove(id);
        Assert.Equal(ApplyOutcome.Deleted, await RefreshAsync());

        Task<ApplyOutcome> RefreshAsync()
            => app.Mirror.RefreshAsync(
                new("nl", Institutes.Description), id, () => Task.FromResult(true), Cancellation);
    }

    private Task<MirrorApp> StartAsync(SimulatorServer simulator, Dictionary<string, string?>? settings = null)
        => MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator, settings);
}
