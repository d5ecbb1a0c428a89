using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>Reading what changed, by <c>modified_from</c>, with the timer in the whole app.</summary>
public sealed class DeltaTests(AzuriteFixture azurite)
{
    private readonly ShiftedClock _clock = new();

    [Fact]
    public async Task A_delta_reads_what_changed_since_the_day_before_and_writes_only_what_differs()
    {
        // Far from midnight, so that the day is one.
        _clock.Shift = TimeSpan.FromHours(36) - _clock.GetUtcNow().TimeOfDay;
        await using var app = await StartAsync();
        var trainings = app.Simulator.Catalogue.Trainings;
        await app.FireAsync("CrawlTrainings");
        var (changed, removed, added) = (trainings.Ids[3], trainings.Ids[5], trainings.Ids[^1] + 1);
        trainings.Update(changed, training => training["name"] = "Anders");
        trainings.Remove(removed);
        var fresh = trainings.Get(trainings.Ids[0])!;
        (fresh["id"], fresh["modified"]) = (added, $"{_clock.GetUtcNow():yyyy-MM-ddTHH:mm:sszzz}");
        trainings.Put(fresh);
        app.Simulator.Requests.Clear();

        await app.FireAsync("CrawlTrainings");
        Assert.Equal(0, app.Simulator.Requests.Count);
        _clock.Shift += TimeSpan.FromMinutes(10);
        await app.FireAsync("CrawlTrainings");

        var request = Assert.Single(app.Simulator.Requests.Snapshot());
        Assert.Equal($"{_clock.GetUtcNow().AddDays(-1):yyyy-MM-dd}", request.Parameter("modified_from"));
        Assert.Equal([$"Created {added} Delta", $"Updated {changed} Delta"], (await ChangesAsync(app)).Skip(100).Order());
        var rows = await RowsAsync(app);
        Assert.Equal(trainings.Json(changed), rows[changed].GetString("Json"));
        Assert.False(rows[removed].ContainsKey("MissingSince"));
    }

    [Fact]
    public async Task A_delta_comes_in_between_a_full_pass_which_then_goes_on_where_it_stood()
    {
        await using var app = await StartAsync();
        var trainings = app.Simulator.Catalogue.Trainings;
        await app.FireAsync("CrawlTrainings");
        _clock.Shift += TimeSpan.FromDays(1);
        app.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                When = request => request.Parameter("offset") == "60",
                Status = 503,
                Headers = new Dictionary<string, string> { ["Retry-After"] = "1" },
            });
        await app.FireAsync("CrawlTrainings");
        Assert.Equal((PassKind.Full, 60), (await PassAsync(app))!.Value);
        app.Simulator.Behaviour.Faults.Clear();
        // Behind the full pass, so that only a delta can find it soon.
        trainings.Update(trainings.Ids[3], training => training["name"] = "Anders");
        app.Simulator.Requests.Clear();

        await using var other = await app.AnotherInstanceAsync(services: services => services.AddSingleton<TimeProvider>(_clock));
        _clock.Shift += TimeSpan.FromMinutes(10);
        await other.FireAsync("CrawlTrainings");

        Assert.Equal(
            ["0 delta", "60", "90"],
            app.Simulator.Requests.Snapshot()
                .Select(request => request.Parameter("offset") + (request.Parameter("modified_from") is null ? "" : " delta"))
                .Order(StringComparer.Ordinal));
        Assert.Null(await PassAsync(app));
        Assert.Equal([$"Updated {trainings.Ids[3]} Delta"], (await ChangesAsync(app)).Skip(100));
        Assert.All((await RowsAsync(app)).Values, row => Assert.False(row.ContainsKey("MissingSince")));
        Assert.Empty(
            await app
                .Storage.Table(CatalogueStorage.MirrorPages)
                .QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken)
                .ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_delta_that_is_not_whole_is_read_again_and_does_not_put_off_the_full_pass()
    {
        await using var app = await StartAsync();
        await app.FireAsync("CrawlTrainings");
        app.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                When = request => request.Parameter("modified_from") is not null,
                Status = 200,
                Body = """{"meta":{"results":7,"offset":0},"trainings":[]}""",
            });
        app.Simulator.Requests.Clear();

        for (var tick = 0; tick < 2; tick++)
        {
            _clock.Shift += TimeSpan.FromMinutes(10);
            await app.FireAsync("CrawlTrainings");
        }

        Assert.Equal(2, app.Simulator.Requests.Snapshot().Count(request => request.Parameter("modified_from") is not null));
        _clock.Shift += TimeSpan.FromHours(23.75);
        await app.FireAsync("CrawlTrainings");
        Assert.Equal(4, app.Simulator.Requests.Snapshot().Count(request => request.Parameter("modified_from") is null));
    }

    private static async Task<(PassKind Kind, int Read)?> PassAsync(TestApp app) =>
        await app.Get<CatalogueStatus>().ReadAsync(TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken)
            is { Pass: { } pass }
            ? (pass.Kind, pass.Read)
            : null;

    private static async Task<Dictionary<long, TableEntity>> RowsAsync(TestApp app)
        => await app.Storage.Table(nameof(Trainings)).QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken)
            .ToDictionaryAsync(row => long.Parse(row.RowKey), cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<List<string>> ChangesAsync(TestApp app)
        => await app
            .Storage.Table(CatalogueStorage.Changes)
            .QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken)
            .Select(row => $"{row.GetString("Change")} {row.GetInt64("Id")} {row.GetString("Source")}")
            .ToListAsync(TestContext.Current.CancellationToken);

    private Task<TestApp> StartAsync()
        => TestApp.StartAsync(
            azurite.Azurite,
            new SimulatorOptions
            {
                Trainings = 100,
                Subjects = 5,
                Certifications = 3,
            },
            settings: new()
            {
                [$"Springest:Sites:{TestApp.Site}:Retries"] = "0",
                ["Springest:Mirror:Prefetch"] = "1",
                ["Springest:Mirror:SnapshotsKept"] = "0",
            },
            services: services => services.AddSingleton<TimeProvider>(_clock));
}
