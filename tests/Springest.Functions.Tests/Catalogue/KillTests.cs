using System.Text.Json.Nodes;
using Springest.Functions.Catalogue;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Testing;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>The app dies at some request to storage, before it is sent or when it has been carried out; another instance goes on.</summary>
public sealed class KillTests(AzuriteFixture azurite)
{
    /// <summary>How many points are tried in a run. All of them: set KILL_POINTS to a large number.</summary>
    private static readonly int Points = Variable.Number("KILL_POINTS", 8);

    [Fact]
    public async Task A_kill_at_any_request_loses_and_doubles_nothing()
    {
        var seed = Variable.Number("SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={seed}");
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Trainings = 70, Subjects = 3, Certifications = 3 }, TestContext.Current.CancellationToken);

        var length = await TryAsync(simulator, int.MaxValue, answerLost: false, seed);
        var points = Enumerable
            .Range(1, length)
            .SelectMany(request => new[] { (Request: request, Lost: false), (Request: request, Lost: true) })
            .ToArray();
        new Random(seed).Shuffle(points);
        foreach (var (request, lost) in points.Take(Points))
            await TryAsync(simulator, request, lost, seed);
    }

    /// <summary>For more of them set TRAININGS.</summary>
    [Fact]
    public async Task A_long_pass_and_its_snapshot_come_to_their_end_though_every_tick_is_killed()
    {
        var trainings = Variable.Number("TRAININGS", 1500);
        var seed = Variable.Number("SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={seed}");
        using var world = new MemoryWorld(trainings);
        // They were there for long, so that deltas read only what changes.
        world.Clock.Advance(TimeSpan.FromDays(5));
        var (random, kills) = (new Random(seed), 0);
        var settings = new Dictionary<string, string?>
        {
            ["Springest:Quota:Limit"] = "60000",
            ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00",
            ["Springest:Mirror:SnapshotsKept"] = "2",
        };
        var files = new SortedDictionary<string, byte[]>();
        for (var isDone = false; !isDone;)
        {
            await using var app = await world.StartAsync(settings);
            await app.ExpireLeaseAsync();
            app.Tap.KillAt(random.Next(10, 120 + (trainings / 100)), random.Next(2) == 0);
            try
            {
                await world.TickAsync(app);
            }
            catch (KilledException)
            {
                kills++;
            }

            app.Tap.KillAt(int.MaxValue, answerLost: false);
            files = await app.SnapshotFilesAsync();
            isDone = files.ContainsKey("nl/trainings/latest.json");
        }

        Assert.NotEqual(0, kills);
        await using var last = await world.StartAsync();
        var manifest = JsonNode.Parse(files["nl/trainings/latest.json"])!;
        Assert.Equal(trainings, (int)manifest["records"]!);
        Assert.Equal(world.Api.Records.Keys, (await last.RecordsAsync()).Keys.Order());
        Assert.Equal(trainings, (await last.RowsAsync(CatalogueStorage.Changes)).Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{trainings} trainings, {kills} kills");
    }

    /// <summary>Fills a mirror, changes the data, and has two more passes: in them the app dies once.</summary>
    /// <returns>How many requests the two passes made.</returns>
    private async Task<int> TryAsync(SimulatorServer simulator, int request, bool answerLost, int seed)
    {
        var point = $"killed {(answerLost ? "after" : "before")} request {request}, seed {seed}";
        var prefix = $"t{Guid.NewGuid():N}"[..12];
        await using var app = await MirrorApp.StartAsync(azurite.Azurite.ConnectionString, prefix, simulator);
        await app.CompleteAsync();
        var trainings = simulator.Catalogue.Trainings;
        var ids = trainings.Ids;
        var (updated, removed, added) = (ids[3], ids[^1], ids[^1] + 1);
        var gone = trainings.Get(removed)!;
        trainings.Update(updated, training => training["name"] = $"{training["name"]}!");
        trainings.Update(ids[40], training => training["name"] = $"{training["name"]}!");
        trainings.Remove(removed);
        var fresh = trainings.Get(ids[0])!;
        fresh["id"] = added;
        trainings.Put(fresh);

        app.Tap.Clear();
        app.Tap.KillAt(request, answerLost);
        var passes = 0;
        try
        {
            for (; passes < 2; passes++)
                await app.CompleteAsync();
        }
        catch (KilledException)
        {
        }

        // The next instance comes at once, or so late that readers of the changes have gone past the time of the kill.
        var readers = (request % 2) * TimeSpan.FromMinutes(10);
        await using var other = await MirrorApp.StartAsync(
            azurite.Azurite.ConnectionString,
            prefix,
            simulator,
            clock: new ShiftedClock { Shift = readers });
        var before = await other.RowsAsync(CatalogueStorage.Changes);
        await other.ExpireLeaseAsync();
        for (; passes < 2; passes++)
            await other.CompleteAsync();
        // A kill at a pass's very end may leave it uncounted here, so that one more is needed.
        await other.CompleteAsync();

        Assert.True(
            trainings
                .Ids.ToDictionary(id => id, id => trainings.Json(id)!)
                .OrderBy(each => each.Key)
                .SequenceEqual((await other.RecordsAsync()).OrderBy(each => each.Key)),
            point);
        string[] expected =
        [
            .. ids.Select(id => $"Created {id}"),
            $"Created {added}",
            $"Deleted {removed}",
            $"Updated {updated}",
            $"Updated {ids[40]}",
        ];
        Assert.True(expected.Order().SequenceEqual((await other.ChangesAsync()).Order()), point);
        Assert.True((await other.RowsAsync(CatalogueStorage.MirrorPages)).Count == 0, point);
        var late = (await other.RowsAsync(CatalogueStorage.Changes)).Keys.Except(before.Keys).ToList();
        Assert.True(readers == TimeSpan.Zero || late.All(key => string.CompareOrdinal(key, before.Keys.Last()) > 0), point);
        trainings.Remove(added);
        trainings.Put(gone);
        return app.Tap.Count;
    }
}
