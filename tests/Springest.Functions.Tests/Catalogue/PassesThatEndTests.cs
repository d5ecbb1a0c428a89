using System.Net;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Sync;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>
/// What the API gets wrong for days stops neither deltas nor snapshots, nor deletes of what is gone, and deletes nothing else.
/// </summary>
public sealed class PassesThatEndTests : IDisposable
{
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00",
        ["Springest:Mirror:Trainings:DeltaInterval"] = "00:10:00",
        ["Springest:Mirror:SnapshotsKept"] = "100",
    };

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly MemoryWorld _world = new(trainings: 200);

    /// <summary>The trainings were there for long, so that deltas read only what changes.</summary>
    public PassesThatEndTests() => _world.Clock.Advance(TimeSpan.FromDays(5));

    public static TheoryData<string> Faults =>
        ["none", "one broken", "total too high", "total too low", "no total", "one unlisted", "empty"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_that_stays_stops_nothing(string fault)
    {
        await using var app = await _world.StartAsync(Defaults);
        await _world.CompleteAsync(app);
        await RunAsync(app, TimeSpan.FromHours(20));
        Begin(fault);
        await RunAsync(app, TimeSpan.FromMinutes(30));
        _world.Api.ListsNothing = false;
        _world.Api.Remove(77);
        var exports = await SnapshotsAsync(app);
        var oldest = TimeSpan.Zero;

        for (var day = 1; day <= 3; day++)
        {
            var changed = _world.Clock.GetUtcNow();
            _world.Api.Put(150 + day, $"Day {day}");
            while (!(await app.RecordsAsync())[150 + day].Contains($"Day {day}", StringComparison.Ordinal))
                await _world.TickAsync(app);
            oldest = TimeSpan.FromTicks(Math.Max(oldest.Ticks, (_world.Clock.GetUtcNow() - changed).Ticks));
            await RunAsync(app, changed + Day - _world.Clock.GetUtcNow());
        }

        Assert.InRange(oldest, TimeSpan.Zero, TimeSpan.FromMinutes(15));
        Assert.InRange(await SnapshotsAsync(app) - exports, 3, 4);
        var status = await StatusAsync(app);
        Assert.InRange(_world.Clock.GetUtcNow() - status.FullPassCompleted!.Value, TimeSpan.Zero, Day);
        Assert.InRange(_world.Clock.GetUtcNow() - status.Fresh!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(15));
        Assert.Null(status.HoldSince);
        Assert.Equal(_world.Api.Records.Keys, (await app.RecordsAsync()).Keys.Order());
        Assert.Equal(["Deleted 77"], (await app.ChangesAsync()).Where(change => change.StartsWith("Deleted", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_total_that_is_too_low_does_not_end_a_pass_that_was_interrupted_behind_it()
    {
        await using var app = await _world.StartAsync();
        _world.Api.TotalOff = -150;
        _world.Api.Fault = offset => offset == 90 ? ChaosApi.Answer("", HttpStatusCode.TooManyRequests) : null;
        Assert.Equal(SyncOutcome.Unfinished, await _world.TickAsync(app));
        _world.Api.Fault = _ => null;

        await _world.CompleteAsync(app);

        Assert.Equal(200, (await app.RecordsAsync()).Count);
    }

    [Fact]
    public async Task Records_that_no_list_shows_hold_up_no_deletes_however_many_they_become()
    {
        await using var app = await _world.StartAsync(Defaults);
        await _world.CompleteAsync(app);

        for (var day = 1; day <= 30; day++)
        {
            _world.Api.Unlisted.Add(day);
            _world.Api.Remove(100 + day);
            await PassAsync(app);
            Assert.Null((await StatusAsync(app)).HoldSince);
            // All that were gone two passes ago are.
            Assert.Equal(200 - (day - 1), (await app.RecordsAsync()).Count);
        }

        // One that comes back is a record as all others; one that goes is deleted, if not at once.
        _world.Api.Unlisted.Remove(5);
        _world.Api.Remove(6);
        for (var pass = 0; pass < 4; pass++)
            await PassAsync(app);
        Assert.Equal(_world.Api.Records.Keys, (await app.RecordsAsync()).Keys.Order());
        Assert.False((await app.RowsAsync(nameof(Trainings)))[$"{5:D19}"].ContainsKey("UnlistedAt"));
    }

    [Fact]
    public async Task Many_that_are_gone_are_deleted_a_day_later_without_an_order()
    {
        await using var app = await _world.StartAsync(Defaults);
        await _world.CompleteAsync(app);
        for (var id = 1; id <= 15; id++)
            _world.Api.Remove(id);

        await PassAsync(app);
        Assert.Equal(15, (await StatusAsync(app)).HoldMissing);
        Assert.DoesNotContain((await app.RowsAsync(nameof(Trainings))).Values, row => row.ContainsKey("MissingSince"));
        // Within the day, another pass changes nothing.
        await app.Store.Commands(new("nl", Trainings.Description))
            .EnqueueAsync(SyncCommand.Start, null, TestContext.Current.CancellationToken);
        await RunAsync(app, TimeSpan.FromHours(1));
        Assert.Equal(200, (await app.RecordsAsync()).Count);

        _world.Api.Remove(16);
        await PassAsync(app);

        Assert.Equal(_world.Api.Records.Keys.Prepend(16), (await app.RecordsAsync()).Keys.Order());
        Assert.Null((await StatusAsync(app)).HoldSince);
        await PassAsync(app);
        Assert.Equal(_world.Api.Records.Keys, (await app.RecordsAsync()).Keys.Order());
    }

    [Fact]
    public async Task A_pass_that_a_delta_came_in_between_has_all_its_deletes_in_the_history()
    {
        await using var app = await _world.StartAsync(new(Defaults) { ["Springest:Mirror:LeaseDuration"] = "00:10:00" });
        await _world.CompleteAsync(app);
        for (var id = 1; id <= 40; id++)
            _world.Api.Remove(id);
        await PassAsync(app);
        await app.Store.Commands(new("nl", Trainings.Description))
            .EnqueueAsync(SyncCommand.Release, null, TestContext.Current.CancellationToken);
        var isDeleting = false;
        app.Tap.Before = request =>
        {
            isDeleting |= request.StartsWith("PUT", StringComparison.Ordinal) && request.Contains("Trainings(", StringComparison.Ordinal);
            if (!isDeleting || !request.Contains(CatalogueStorage.MirrorState, StringComparison.Ordinal))
                return Task.CompletedTask;
            // The first of them are deleted, and the time is up.
            app.Tap.Before = null;
            _world.Clock.Advance(new MirrorOptions().TimeBudget);
            return Task.CompletedTask;
        };
        Assert.Equal(SyncOutcome.Unfinished, await _world.TickAsync(app));
        Assert.InRange((await app.RecordsAsync()).Count, 161, 199);
        _world.Clock.Advance(TimeSpan.FromMinutes(5));

        await _world.CompleteAsync(app);

        Assert.Equal(160, (await app.RecordsAsync()).Count);
        var passes = (await app.RowsAsync(CatalogueStorage.MirrorPasses)).Values.Take(2).ToList();
        Assert.Equal(["Delta", "Full"], passes.Select(pass => pass.GetString("Kind")));
        Assert.Equal((0, 40), (passes[0].GetInt32("Deleted"), passes[1].GetInt32("Deleted")));
        Assert.InRange(passes[1].GetInt32("Requests")!.Value, 6 + 40, 6 + 40 + 2);
    }

    [Fact]
    public async Task Later_passes_end_with_few_requests_an_hour_too()
    {
        await using var app = await _world.StartAsync(
            new()
            {
                ["Springest:Quota:Limit"] = "20",
                ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00",
                ["Springest:Mirror:Trainings:DeltaInterval"] = "",
            });
        await _world.CompleteAsync(app);
        var first = (await StatusAsync(app)).FullPassCompleted;

        await RunAsync(app, TimeSpan.FromDays(2));

        Assert.True((await StatusAsync(app)).FullPassCompleted > first + Day);
    }

    [Theory]
    [InlineData("listed again")]
    [InlineData("unlisted")]
    [InlineData("others")]
    [InlineData("no control")]
    [InlineData("half")]
    public async Task A_hold_does_not_end_by_itself_if_it_may_be_needed(string why)
    {
        await using var app = await _world.StartAsync(Defaults);
        await _world.CompleteAsync(app);
        var gone = Enumerable.Range(1, why == "half" ? 100 : 15).ToList();
        var kept = _world.Api.Records;
        _world.Api.Change(records => records.RemoveRange(gone.Select(id => (long)id)));
        await PassAsync(app);
        Assert.Equal(gone.Count, (await StatusAsync(app)).HoldMissing);

        switch (why)
        {
            case "listed again":
                _world.Api.Change(_ => kept);
                break;
            case "unlisted":
                _world.Api.Change(_ => kept);
                _world.Api.Unlisted.UnionWith(gone.Select(id => (long)id));
                break;
            case "others":
                _world.Api.Change(_ => kept.RemoveRange(gone.Select(id => 100L + id)));
                break;
            case "no control":
                _world.Api.LookUpFault = _ => ChaosApi.Answer("<html>", HttpStatusCode.NotFound);
                break;
        }

        for (var hour = 0; hour < 25; hour++)
            await RunAsync(app, TimeSpan.FromHours(1));

        Assert.Equal(200, (await app.RecordsAsync()).Count);
        Assert.DoesNotContain(await app.ChangesAsync(), change => change.StartsWith("Deleted", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a key without rights")]
    [InlineData("a proxy's page")]
    [InlineData("empty lists, and nothing found")]
    [InlineData("half of the lists")]
    public async Task A_day_and_an_hour_of_it_deletes_nothing(string what)
    {
        await using var app = await _world.StartAsync(Defaults);
        await _world.CompleteAsync(app);
        await RunAsync(app, TimeSpan.FromHours(12));
        var (status, body) = what == "a key without rights"
            ? (HttpStatusCode.Forbidden, """{"error":"Forbidden"}""")
            : (HttpStatusCode.NotFound, "<html><body><h1>Not Found</h1></body></html>");
        if (what is "a key without rights" or "a proxy's page")
            _world.Api.Fault = _ => ChaosApi.Answer(body, status);
        if (what == "half of the lists")
            _world.Api.Unlisted.UnionWith(Enumerable.Range(1, 100).Select(id => (long)id));
        _world.Api.ListsNothing = what == "empty lists, and nothing found";
        _world.Api.LookUpFault = id => what != "half of the lists" || id <= 100 ? ChaosApi.Answer(body, status) : null;

        for (var end = _world.Clock.GetUtcNow() + TimeSpan.FromHours(25); _world.Clock.GetUtcNow() < end;)
        {
            try
            {
                await _world.TickAsync(app);
            }
            catch (Client.SpringestException)
            {
            }
        }

        Assert.Equal(200, (await app.RecordsAsync()).Count);
        _world.Api.Fault = _ => null;
        _world.Api.LookUpFault = _ => null;
        _world.Api.ListsNothing = false;
        _world.Api.Unlisted.Clear();
        await RunAsync(app, TimeSpan.FromDays(2));
        Assert.Equal(_world.Api.Records, await app.RecordsAsync());
        Assert.Null((await StatusAsync(app)).HoldSince);
        Assert.DoesNotContain(await app.ChangesAsync(), change => change.StartsWith("Deleted", StringComparison.Ordinal));
    }

    public void Dispose() => _world.Dispose();

    private void Begin(string fault)
    {
        switch (fault)
        {
            case "one broken":
                _world.Api.Broken.Add(33);
                break;
            case "total too high":
                _world.Api.TotalOff = 2;
                break;
            case "total too low":
                _world.Api.TotalOff = -70;
                break;
            case "no total":
                _world.Api.TellsTotal = false;
                break;
            case "one unlisted":
                _world.Api.Unlisted.Add(99);
                break;
            case "empty":
                _world.Api.ListsNothing = true;
                break;
        }
    }

    private async Task RunAsync(MirrorApp app, TimeSpan time)
    {
        for (var end = _world.Clock.GetUtcNow() + time; _world.Clock.GetUtcNow() < end;)
            await _world.TickAsync(app);
    }

    /// <summary>The next day's full pass.</summary>
    private async Task PassAsync(MirrorApp app)
    {
        _world.Clock.Advance(Day - TimeSpan.FromMinutes(5));
        await _world.CompleteAsync(app);
    }

    private static async Task<int> SnapshotsAsync(MirrorApp app)
        => (await app.SnapshotFilesAsync()).Keys.Count(name => name.EndsWith("manifest.json", StringComparison.Ordinal));

    private static async Task<ResourceStatus> StatusAsync(MirrorApp app)
        => await app.Status.ReadAsync(TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
}
