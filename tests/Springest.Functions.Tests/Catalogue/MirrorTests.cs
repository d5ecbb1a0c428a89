using System.Text.Json.Nodes;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Quota;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

public sealed class MirrorTests(AzuriteFixture azurite)
{
    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..12];

    [Theory]
    [MemberData(nameof(ResourceTests.Paths), MemberType = typeof(ResourceTests))]
    public async Task A_fill_from_nothing_equals_the_data(string path)
    {
        await using var simulator = await SimulateAsync(trainings: 95, subjects: 61, certifications: 30);
        await using var app = await StartAsync(simulator);
        var description = MirroredResources.Find(path)!;

        await app.CompleteAsync(description);

        var set = simulator.Catalogue[path]!;
        Assert.Equal(set.Ids.ToDictionary(id => id, id => set.Json(id)!), await app.RecordsAsync(description.Name));
        Assert.Equal((set.Count + 29) / 30, simulator.Requests.Count);
        Assert.Equal([.. set.Ids.Select(id => $"Created {id}")], await app.ChangesAsync());
        Assert.Empty(await app.RowsAsync(CatalogueStorage.MirrorPages));
    }

    [Fact]
    public async Task An_unchanged_pass_writes_no_row()
    {
        await using var simulator = await SimulateAsync(trainings: 65);
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync();
        var before = await VersionsAsync(app);

        app.Tap.Clear();
        await app.CompleteAsync();

        Assert.Equal(before, await VersionsAsync(app));
        // Besides the lock: at most one checkpoint for each of the three pages, and one write to remove them all.
        Assert.InRange(app.Tap.Writes.Count(write => !write.Contains("MirrorState", StringComparison.Ordinal)), 2, 3 + 1);
    }

    [Fact]
    public async Task Order_of_keys_and_white_space_are_no_change()
    {
        await using var simulator = await SimulateAsync(trainings: 3);
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync();
        var before = await VersionsAsync(app);
        foreach (var id in simulator.Catalogue.Trainings.Ids)
        {
            var training = simulator.Catalogue.Trainings.Get(id)!;
            var turned = new JsonObject(
                training
                    .Skip(1)
                    .Reverse()
                    .Prepend(training.First())
                    .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
            simulator.Catalogue.Trainings.Put(turned);
        }

        await app.CompleteAsync();

        Assert.Equal(before, await VersionsAsync(app));
    }

    [Fact]
    public async Task A_change_replaces_the_row_and_says_what_it_changed()
    {
        await using var simulator = await SimulateAsync(trainings: 40);
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync();
        var (id, key) = (simulator.Catalogue.Trainings.Ids[7], $"{simulator.Catalogue.Trainings.Ids[7]:D19}");
        var before = (await app.RowsAsync(nameof(Trainings)))[key];
        simulator.Catalogue.Trainings.Update(id, training => training["name"] = "Iets anders");

        await app.CompleteAsync();

        var after = (await app.RowsAsync(nameof(Trainings)))[key];
        Assert.Equal("Iets anders", after["Name"]);
        Assert.Equal(simulator.Catalogue.Trainings.Json(id), await app.JsonAsync(after));
        Assert.Equal(before["FirstSeen"], after["FirstSeen"]);
        var change = (await app.RowsAsync(CatalogueStorage.Changes)).Values.Last();
        Assert.Equal(("Updated", id, "Crawl"), (change["Change"], change["Id"], change["Source"]));
        Assert.Equal((before["Hash"], after["Hash"]), (change["HashBefore"], change["HashAfter"]));
        Assert.Equal("modified,name", change["ChangedFields"]);
    }

    [Fact]
    public async Task A_record_is_deleted_when_two_passes_miss_it_and_it_cannot_be_looked_up()
    {
        await using var simulator = await SimulateAsync(trainings: 40);
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync();
        var id = simulator.Catalogue.Trainings.Ids[7];
        simulator.Catalogue.Trainings.Remove(id);

        await app.CompleteAsync();
        var row = (await app.RowsAsync(nameof(Trainings)))[$"{id:D19}"];
        Assert.True(row.ContainsKey("MissingSince"));
        Assert.False(row.ContainsKey("DeletedAt"));

        await app.CompleteAsync();
        row = (await app.RowsAsync(nameof(Trainings)))[$"{id:D19}"];
        Assert.True(row.ContainsKey("DeletedAt"));
        Assert.True(row.ContainsKey("Json"));
        Assert.Equal($"Deleted {id}", (await app.ChangesAsync())[^1]);
        Assert.Equal(39, (await StatusAsync(app)).Records);
        // The last two are the look-up and its control read.
        Assert.Equal(3 * 2 + 2, simulator.Requests.Count);

        await app.CompleteAsync();
        Assert.Equal(41, (await app.ChangesAsync()).Count);
    }

    [Fact]
    public async Task A_record_that_comes_back_is_created_again()
    {
        await using var simulator = await SimulateAsync(trainings: 3);
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync();
        var id = simulator.Catalogue.Trainings.Ids[1];
        simulator.Catalogue.Trainings.Show(id, visible: false);
        await app.CompleteAsync();
        await app.CompleteAsync();

        simulator.Catalogue.Trainings.Show(id, visible: true);
        await app.CompleteAsync();

        Assert.Equal([$"Deleted {id}", $"Created {id}"], (await app.ChangesAsync())[^2..]);
        Assert.Equal(3, (await app.RecordsAsync()).Count);
    }

    [Fact]
    public async Task A_record_that_can_be_looked_up_is_not_deleted_however_often_the_list_omits_it()
    {
        await using var simulator = await SimulateAsync(trainings: 25);
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync();
        var id = simulator.Catalogue.Trainings.Ids[7];
        var list = ListBody(
            simulator.Catalogue.Trainings.Ids.Where(other => other != id).Select(other => simulator.Catalogue.Trainings.Json(other)!));
        simulator.Behaviour.Faults.Add(
            new Fault
            {
                Path = "/trainings.json",
                Status = 200,
                Body = list,
            });

        for (var pass = 0; pass < 3; pass++)
            await app.CompleteAsync();

        Assert.Equal(25, (await app.RecordsAsync()).Count);
        Assert.DoesNotContain(await app.ChangesAsync(), change => change.StartsWith("Deleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_many_missing_at_once_hold_all_deletes()
    {
        await using var simulator = await SimulateAsync(trainings: 60);
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync();
        foreach (var id in simulator.Catalogue.Trainings.Ids.Take(30).ToList())
            simulator.Catalogue.Trainings.Remove(id);

        for (var pass = 0; pass < 3; pass++)
            await app.CompleteAsync();

        Assert.Equal(60, (await app.RecordsAsync()).Count);
        var status = await StatusAsync(app);
        Assert.NotNull(status.HoldSince);
        Assert.Equal(30, status.HoldMissing);
    }

    [Fact]
    public async Task A_list_that_breaks_off_deletes_nothing()
    {
        await using var simulator = await SimulateAsync(trainings: 90);
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync();
        simulator.Behaviour.Faults.Add(
            new Fault
            {
                Path = "/trainings.json",
                When = request => request.Parameter("offset") == "60",
                Status = 200,
                Body = """{"meta":{"results":90,"offset":60},"trainings":[]}""",
            });
        var before = simulator.Requests.Count;

        for (var pass = 0; pass < 3; pass++)
            await app.TickAsync();

        Assert.Contains(simulator.Requests.Snapshot().Skip(before), request => request.Parameter("offset") == "60");
        Assert.Equal(90, (await app.RecordsAsync()).Count);
        Assert.DoesNotContain(await app.ChangesAsync(), change => change.StartsWith("Deleted", StringComparison.Ordinal));
        Assert.Null((await StatusAsync(app)).HoldSince);
        Assert.All((await app.RowsAsync(nameof(Trainings))).Values, row => Assert.False(row.ContainsKey("MissingSince")));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_pass_that_is_interrupted_goes_on_where_it_stood(int status)
    {
        await using var simulator = await SimulateAsync(trainings: 150);
        await using var app = await StartAsync(
            simulator,
            new() { ["Springest:Sites:nl:Retries"] = "0", ["Springest:Mirror:Prefetch"] = "1" });
        simulator.Behaviour.Faults.Add(
            new Fault
            {
                Path = "/trainings.json",
                When = request => request.Parameter("offset") == "90",
                Status = status,
                Headers = new Dictionary<string, string> { ["Retry-After"] = "1" },
            });

        Assert.Equal(SyncOutcome.Unfinished, await app.TickAsync());
        var pass = (await StatusAsync(app)).Pass!;
        Assert.Equal((3, 90, 150L, false), (pass.Pages, pass.Read, pass.Total, pass.IsRunning));
        simulator.Behaviour.Faults.Clear();
        simulator.Requests.Clear();

        await using var other = await StartAsync(simulator);
        await other.CompleteAsync();

        Assert.Equal(
            ["90", "120"],
            simulator
                .Requests.Snapshot()
                .Select(request => request.Parameter("offset"))
                .Order(StringComparer.Ordinal)
                .OrderBy(offset => offset!.Length));
        Assert.Equal(150, (await app.RecordsAsync()).Count);
        Assert.Equal(150, (await StatusAsync(app)).Records);
    }

    [Theory]
    [InlineData(47)]
    [InlineData(29, 30)]
    [InlineData(58, 59, 60)]
    public async Task A_record_that_breaks_its_page_costs_only_itself(params int[] broken)
    {
        await using var simulator = await SimulateAsync(trainings: 90);
        await using var app = await StartAsync(
            simulator,
            new() { ["Springest:Sites:nl:Retries"] = "0", ["Springest:Mirror:Prefetch"] = "1" });
        simulator.Behaviour.Faults.Add(Breaking(broken));

        Assert.Equal(SyncOutcome.Completed, await app.TickAsync());

        Assert.Equal(
            simulator.Catalogue.Trainings.Ids.Where((_, index) => !broken.Contains(index)), (await app.RecordsAsync()).Keys.Order());
        Assert.NotNull((await StatusAsync(app)).FullPassCompleted);
        // The first page; the second in halves, down to the record; the third.
        Assert.InRange(simulator.Requests.Count, 10, 16 * broken.Length);
    }

    /// <summary>The client tries each page again, and after so many failures leaves the list alone.</summary>
    [Theory]
    [InlineData(1, "00:00:15")]
    [InlineData(1, "00:05:00")]
    [InlineData(6, "00:05:00")]
    public async Task Records_that_break_pages_cost_only_themselves_however_long_lists_are_left_alone(int pages, string breakDuration)
    {
        await using var simulator = await SimulateAsync(trainings: 240);
        await using var app = await StartAsync(simulator, new()
        {
            ["Springest:Sites:nl:RetryDelay"] = "00:00:00.001",
            // The longer one is more than a run has time for.
            ["Springest:Sites:nl:BreakDuration"] = breakDuration,
        });
        int[] broken = [.. Enumerable.Range(0, pages).Select(page => 47 + (30 * page))];
        simulator.Behaviour.Faults.Add(Breaking(broken));

        Assert.Equal(SyncOutcome.Completed, await app.TickAsync());

        Assert.Equal(
            simulator.Catalogue.Trainings.Ids.Where((_, index) => !broken.Contains(index)), (await app.RecordsAsync()).Keys.Order());
    }

    [Fact]
    public async Task A_server_that_is_down_breaks_no_page()
    {
        await using var simulator = await SimulateAsync(trainings: 90);
        await using var app = await StartAsync(
            simulator,
            new() { ["Springest:Sites:nl:Retries"] = "0", ["Springest:Mirror:Prefetch"] = "1" });
        simulator.Behaviour.Faults.Add(new Fault { When = request => request.Parameter("offset") != "0" });

        for (var tick = 0; tick < 6; tick++)
            Assert.Equal(SyncOutcome.Unfinished, await app.TickAsync());
        simulator.Behaviour.Faults.Clear();
        // A new instance: the circuit breaker of the old one may be open.
        await using var other = await StartAsync(simulator);
        await other.CompleteAsync();

        Assert.Equal(simulator.Catalogue.Trainings.Ids, (await app.RecordsAsync()).Keys.Order());
        Assert.NotNull((await StatusAsync(app)).FullPassCompleted);
    }

    [Fact]
    public async Task A_site_that_fails_does_not_stop_the_others_and_the_run_fails()
    {
        await using var simulator = await SimulateAsync(trainings: 3);
        await using var app = await StartAsync(simulator, new()
        {
            ["Springest:Sites:be:Host"] = simulator.Address.ToString(),
            ["Springest:Sites:be:ApiKey"] = "not-the-key",
        });

        var failure = await Assert.ThrowsAsync<AggregateException>(() =>
            app.Crawler.CrawlAsync(Trainings.Description, TestContext.Current.CancellationToken));

        Assert.Single(failure.InnerExceptions);
        Assert.Equal(3, (await app.RecordsAsync()).Count);
        Assert.DoesNotContain("not-the-key", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_instances_at_once_do_the_work_once()
    {
        await using var simulator = await SimulateAsync(trainings: 300);
        await using var one = await StartAsync(simulator);
        await using var other = await StartAsync(simulator);

        var outcomes = await Task.WhenAll(one.TickAsync(), other.TickAsync());

        Assert.Equal([SyncOutcome.Busy, SyncOutcome.Completed], outcomes.Order());
        Assert.Equal(10, simulator.Requests.Count);
        Assert.Equal(300, (await one.RecordsAsync()).Count);
        Assert.Equal(300, (await one.ChangesAsync()).Count);
    }

    /// <summary>Which of them a configuration gives back first is by chance.</summary>
    [Fact]
    public async Task Instances_share_a_site_whose_settings_have_its_name_in_two_cases()
    {
        await using var simulator = await SimulateAsync(trainings: 5);
        await using var one = await StartAsync(simulator, new() { ["Springest:Sites:NL:Language"] = "nl" });
        await using var other = await StartAsync(simulator);

        foreach (var app in (MirrorApp[])[one, other])
            await app.Crawler.CrawlAsync(Trainings.Description, TestContext.Current.CancellationToken);

        foreach (var table in (string[])[QuotaStorage.Counters, CatalogueStorage.MirrorState, nameof(Trainings)])
            Assert.Equal(["nl"], (await one.RowsAsync(table)).Values.Select(row => row.PartitionKey).Distinct());
    }

    /// <summary>Fails each page of trainings that has a record at one of these places.</summary>
    private static Fault Breaking(int[] records) => new()
    {
        Path = "/trainings.json",
        When = request =>
            int.Parse(request.Parameter("offset")!) is var offset
            && int.Parse(request.Parameter("size")!) is var size
            && records.Any(index => offset <= index && index < offset + size),
    };

    private static string ListBody(IEnumerable<string> records)
    {
        var list = records.ToList();
        return $$"""{"meta":{"results":{{list.Count}},"offset":0,"filters":[]},"trainings":[{{string.Join(',', list)}}]}""";
    }

    private static async Task<Dictionary<string, string>> VersionsAsync(MirrorApp app)
        => (await app.RowsAsync(nameof(Trainings)))
            .Concat(await app.RowsAsync(CatalogueStorage.Changes))
            .ToDictionary(row => row.Key, row => row.Value.ETag.ToString());

    private static async Task<ResourceStatus> StatusAsync(MirrorApp app)
        => await app.Status.ReadAsync(TestContext.Current.CancellationToken).SingleAsync(status => status.Resource is nameof(Trainings));

    private static Task<SimulatorServer> SimulateAsync(int trainings, int subjects = 10, int certifications = 5)
        => SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = trainings,
                Subjects = subjects,
                Certifications = certifications,
            },
            TestContext.Current.CancellationToken);

    private Task<MirrorApp> StartAsync(SimulatorServer simulator, Dictionary<string, string?>? settings = null)
        => MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator, settings);
}
