using System.IO.Compression;
using System.Text.Json;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>The changes have a beginning, and whoever loads a snapshot and follows misses none.</summary>
public sealed class FeedTests : IDisposable
{
    private static readonly Dictionary<string, string?> Daily = new()
    {
        ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00",
        ["Springest:Mirror:SnapshotsKept"] = "2",
    };

    private static readonly MirrorScope Scope = new("nl", Trainings.Description);

    private readonly MemoryWorld _world = new(trainings: 40);

    [Fact]
    public async Task A_reader_who_slept_too_long_is_told_and_all_others_miss_nothing()
    {
        await using var app = await _world.StartAsync(Daily);
        await _world.CompleteAsync(app);
        var sleepers = new[] { 1, 89, 91 }.ToDictionary(days => days, _ => (Cursor: "", Slept: -1, Read: new List<string>(), Told: 0));
        var all = new List<string>();

        for (var day = 0; day < 200; day++)
        {
            _world.Api.Put(1 + (day % 40), $"Day {day}");
            await PassAsync(app);
            all = [.. all.Union((await app.RowsAsync(CatalogueStorage.Changes)).Keys)];
            foreach (var days in sleepers.Keys.ToList())
            {
                var (cursor, slept, read, told) = sleepers[days];
                if (++slept % days != 0)
                {
                    sleepers[days] = (cursor, slept, read, told);
                    continue;
                }

                if (await ReadAsync(app, cursor) is var (changes, next))
                    sleepers[days] = (next, slept, [.. read, .. changes], told);
                else
                    sleepers[days] = (Key(_world.Clock.GetUtcNow()), slept, read, told + 1);
            }
        }

        // Each day's change has settled when the next day's pass is over.
        Assert.Equal(all.SkipLast(1), sleepers[1].Read);
        Assert.Equal(0, sleepers[1].Told);
        Assert.Equal(0, sleepers[89].Told);
        Assert.Equal(all.Take(sleepers[89].Read.Count), sleepers[89].Read);
        Assert.InRange(sleepers[89].Read.Count, 40 + 170, 40 + 200);
        Assert.Equal(2, sleepers[91].Told);
        // What is kept, and no change that there was not.
        var kept = await app.RowsAsync(CatalogueStorage.Changes);
        Assert.InRange(kept.Count, 89, 92);
        Assert.Equal(40 + 200, all.Count);
        Assert.All(kept.Values, change => Assert.Equal("Updated", change.GetString("Change")));
    }

    [Fact]
    public async Task A_crash_while_the_oldest_are_removed_leaves_none_before_the_beginning_for_good_and_loses_none_after_it()
    {
        await using var app = await _world.StartAsync(Daily);
        await _world.CompleteAsync(app);
        for (var day = 0; day < 5; day++)
        {
            _world.Api.Put(1 + day, $"Day {day}");
            await PassAsync(app);
        }

        var all = (await app.RowsAsync(CatalogueStorage.Changes)).Keys.ToList();
        for (var kill = 1; kill <= 12; kill++)
        {
            _world.Clock.Advance(TimeSpan.FromDays(kill == 1 ? 88 : 0.2));
            await using (var victim = await _world.StartAsync(Daily))
            {
                var at = kill;
                victim.Tap.Before = request =>
                {
                    if (Names(request, CatalogueStorage.Changes) && request.StartsWith("GET", StringComparison.Ordinal))
                    {
                        victim.Tap.Before = null;
                        victim.Tap.KillAt(at, answerLost: at % 2 == 0);
                    }

                    return Task.CompletedTask;
                };
                await app.Store.Commands(new("nl", Trainings.Description)).EnqueueAsync(
                    SyncCommand.Start, null, TestContext.Current.CancellationToken);
                try
                {
                    await victim.TickAsync();
                }
                catch (KilledException)
                {
                    await app.ExpireLeaseAsync();
                }
            }

            var from = await app.Store.Changes(new("nl", Trainings.Description)).BeginningAsync(TestContext.Current.CancellationToken);
            var left = (await app.RowsAsync(CatalogueStorage.Changes)).Keys.ToList();
            Assert.Equal(all.Where(key => IsAfter(key, from)), left.Where(key => IsAfter(key, from)));
        }

        await PassAsync(app);
        var beginning = await app.Store.Changes(new("nl", Trainings.Description)).BeginningAsync(TestContext.Current.CancellationToken);
        Assert.All((await app.RowsAsync(CatalogueStorage.Changes)).Keys, key => Assert.True(IsAfter(key, beginning)));
    }

    [Fact]
    public async Task Passes_are_removed_after_90_days_though_nothing_has_changed_since()
    {
        await using var app = await _world.StartAsync(Daily);

        for (var day = 0; day < 120; day++)
            await PassAsync(app);

        var kept = (await app.RowsAsync(CatalogueStorage.MirrorPasses)).Values;
        Assert.InRange(kept.Min(pass => _world.Clock.GetUtcNow() - pass.GetDateTimeOffset("Started")!.Value).TotalDays, 0, 1);
        Assert.InRange(kept.Max(pass => _world.Clock.GetUtcNow() - pass.GetDateTimeOffset("Started")!.Value).TotalDays, 89, 91);
    }

    [Fact]
    public async Task Nothing_is_removed_that_is_not_in_the_newest_snapshot()
    {
        await using var app = await _world.StartAsync(Daily);
        await _world.CompleteAsync(app);
        app.Tap.Before = request => Names(request, CatalogueStorage.Snapshots)
            && request.StartsWith("PUT", StringComparison.Ordinal)
            ? throw new TimeoutException("The container cannot be written to.")
            : Task.CompletedTask;

        for (var day = 0; day < 100; day++)
        {
            _world.Api.Put(1 + (day % 40), $"Day {day}");
            await PassAsync(app);
        }

        Assert.Equal(40 + 100, (await app.RowsAsync(CatalogueStorage.Changes)).Count);
        Assert.Contains("snapshot", await app.ProblemAsync(), StringComparison.Ordinal);
        app.Tap.Before = null;
        await PassAsync(app);
        await PassAsync(app);
        Assert.InRange((await app.RowsAsync(CatalogueStorage.Changes)).Count, 85, 95);
    }

    [Fact]
    public async Task Who_loads_the_snapshot_and_follows_from_its_cursor_has_all_although_changes_arrive_meanwhile()
    {
        await using var app = await _world.StartAsync(Daily);
        await using var other = await _world.StartAsync(Daily);
        await _world.CompleteAsync(app);
        var random = new Random(7);
        app.Tap.Before = async request =>
        {
            if (!Names(request, "Trainings()") && !Names(request, CatalogueStorage.Snapshots))
                return;
            for (var change = 0; change < 40; change++)
                await ChangeAsync(other, 1 + random.Next(60), random.Next());
            _world.Clock.Advance(TimeSpan.FromSeconds(5));
        };
        await PassAsync(app);
        app.Tap.Before = null;

        var blobs = await app.SnapshotFilesAsync();
        var manifest = JsonElement.Parse(blobs["nl/trainings/latest.json"]);
        var lines = new GZipStream(
            new MemoryStream(blobs[$"{manifest.GetProperty("folder").GetString()}/records.ndjson.gz"]), CompressionMode.Decompress);
        using var reader = new StreamReader(lines);
        var copy = new Dictionary<long, string>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            copy[JsonElement.Parse(line).GetProperty("id").GetInt64()] = line;
        for (var change = 0; change < 40; change++)
            await ChangeAsync(other, 1 + random.Next(60), random.Next());
        _world.Clock.Advance(TimeSpan.FromMinutes(3));
        var feed = app.Store.Changes(new("nl", Trainings.Description));
        var cursor = CatalogueCursor.Read(feed.Name, manifest.GetProperty("cursor").GetString());
        var mirror = await app.RecordsAsync();
        await foreach (var change in feed.ReadAsync(cursor!, TestContext.Current.CancellationToken))
        {
            var id = change.GetInt64("Id")!.Value;
            if (mirror.TryGetValue(id, out var json))
                copy[id] = json;
            else
                copy.Remove(id);
        }

        Assert.Equal(mirror.OrderBy(record => record.Key), copy.OrderBy(record => record.Key));
    }

    public void Dispose() => _world.Dispose();

    private async Task ChangeAsync(MirrorApp app, long id, int number)
    {
        _world.Api.Put(id, $"Number {number}");
        await app.Mirror.RefreshAsync(
            new("nl", Trainings.Description), id, () => Task.FromResult(true),
            TestContext.Current.CancellationToken);
    }

    private async Task PassAsync(MirrorApp app)
    {
        _world.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(5));
        await _world.TickAsync(app);
    }

    private static string Key(DateTimeOffset time) => ChangeFeed.KeyOf(time);

    private static bool IsAfter(string key, DateTimeOffset time) => string.CompareOrdinal(key, Key(time)) >= 0;

    private static bool Names(string request, string part) => request.Contains(part, StringComparison.Ordinal);

    private static async Task<(List<string> Read, string Next)?> ReadAsync(MirrorApp app, string after)
    {
        var read = new List<string>();
        while (true)
        {
            var query = new CatalogueQuery(1000, after, null, null, null, Deleted: false);
            if (await app.Reader.FindChangesAsync(Scope, query, TestContext.Current.CancellationToken) is not var (changes, next))
                return null;
            if (changes.Count == 0)
                return (read, next);
            read.AddRange(changes.Select(change => change.RowKey));
            after = next;
        }
    }
}
