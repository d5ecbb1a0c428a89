using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Time.Testing;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Testing;
using Springest.Testing.Catalogue;
using Springest.Testing.Memory;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>The snapshots after full passes.</summary>
public sealed partial class SnapshotTests(AzuriteFixture azurite)
{
    /// <summary>Ticks in between find nothing to do but what was left of a snapshot.</summary>
    private static readonly Dictionary<string, string?> Daily = new()
    {
        ["Springest:Mirror:SnapshotsKept"] = "2",
        ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00",
        ["Springest:Mirror:Trainings:DeltaInterval"] = "",
    };

    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task A_snapshot_holds_every_record_and_no_formula()
    {
        await using var simulator = await SimulateAsync();
        var trainings = simulator.Catalogue.Trainings;
        trainings.Update(trainings.Ids[0], training => training["name"] = "=HYPERLINK(\"http://evil\"), of zoiets");
        await using var app = await StartAsync(simulator);

        await app.CompleteAsync();

        var blobs = await app.SnapshotFilesAsync();
        Assert.Equal(4, blobs.Count);
        Assert.Equal(trainings.Ids.Select(id => trainings.Json(id)!), CheckLatest(blobs));
        var sheet = Encoding
            .UTF8.GetString(blobs.Single(blob => blob.Key.EndsWith("/records.csv", StringComparison.Ordinal)).Value)
            .Split("\r\n");
        Assert.StartsWith("\ufeff\"Id\",\"Name\",", sheet[0], StringComparison.Ordinal);
        Assert.StartsWith($"{trainings.Ids[0]},\"'=HYPERLINK(\"\"http://evil\"\"), of zoiets\",", sheet[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_of_nothing_is_a_whole_archive_of_nothing()
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = 0,
                Subjects = 3,
                Certifications = 0,
            },
            TestContext.Current.CancellationToken);
        await using var app = await StartAsync(simulator);

        await app.CompleteAsync(Certifications.Description);

        var archive = (await app.SnapshotFilesAsync()).Single(blob => blob.Key.EndsWith(".ndjson.gz", StringComparison.Ordinal)).Value;
        Assert.Equal(20, archive.Length);
        using var lines = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        Assert.Equal(-1, lines.ReadByte());
    }

    [Fact]
    public async Task Old_snapshots_are_kept_by_number()
    {
        await using var simulator = await SimulateAsync();
        await using var app = await StartAsync(simulator);

        for (var pass = 0; pass < 4; pass++)
            await app.CompleteAsync();

        Assert.Equal(2, (await app.SnapshotFilesAsync()).Keys.Count(name => name.EndsWith("/manifest.json", StringComparison.Ordinal)));
        Assert.Equal((2 * 3) + 1, (await app.SnapshotFilesAsync()).Count);
    }

    [Fact]
    public async Task A_crash_at_any_request_leaves_the_last_snapshot_whole_and_the_next_run_makes_up_for_the_new_one()
    {
        await using var simulator = await SimulateAsync();
        var trainings = simulator.Catalogue.Trainings;
        using var memory = new MemoryStorage();
        await using var app = await StartAsync(simulator, memory);
        await app.CompleteAsync();
        await app.CompleteAsync();
        app.Tap.Clear();
        await app.CompleteAsync();
        var requests = app.Tap.Count;

        for (var at = 1; at <= 2 * requests; at++)
        {
            trainings.Update(trainings.Ids[at % 40], training => training["name"] = $"Anders {at}");
            await using (var victim = await StartAsync(simulator, memory))
            {
                victim.Tap.KillAt((at + 1) / 2, answerLost: at % 2 == 0);
                await Assert.ThrowsAnyAsync<Exception>(() => victim.CompleteAsync());
            }

            CheckLatest(await app.SnapshotFilesAsync());
            await app.ExpireLeaseAsync();
            await app.CompleteAsync();
            var blobs = await app.SnapshotFilesAsync();
            Assert.Equal(trainings.Ids.Select(id => trainings.Json(id)!), CheckLatest(blobs));
            Assert.Equal((2 * 3) + 1, blobs.Count);
        }
    }

    [Fact]
    public async Task A_run_that_was_overtaken_at_its_snapshot_does_not_put_it_in_place_of_a_newer_one()
    {
        await using var simulator = await SimulateAsync();
        var trainings = simulator.Catalogue.Trainings;
        await using var slow = await StartAsync(simulator);
        await using var other = await StartAsync(simulator);
        await slow.CompleteAsync();
        slow.Tap.Before = async request =>
        {
            if (!request.StartsWith("PUT", StringComparison.Ordinal) || !request.EndsWith("latest.json", StringComparison.Ordinal))
                return;
            slow.Tap.Before = null;
            trainings.Update(trainings.Ids[7], training => training["name"] = "Newer");
            await other.ExpireLeaseAsync();
            await other.CompleteAsync();
        };

        Assert.Equal(SyncOutcome.Busy, await slow.TickAsync());

        Assert.Equal(trainings.Ids.Select(id => trainings.Json(id)!), CheckLatest(await other.SnapshotFilesAsync()));
    }

    [Fact]
    public async Task A_run_whose_predecessor_comes_late_with_its_snapshot_has_no_problem()
    {
        await using var simulator = await SimulateAsync();
        var trainings = simulator.Catalogue.Trainings;
        await using var late = await StartAsync(simulator);
        await using var successor = await StartAsync(simulator);
        var (isLate, isOvertaken) = (new TaskCompletionSource(), new TaskCompletionSource());
        late.Tap.Before = BeforeTheSwitch(async () =>
        {
            isLate.SetResult();
            await isOvertaken.Task;
        });

        var first = late.TickAsync();
        await isLate.Task;
        await successor.ExpireLeaseAsync();
        successor.Tap.Before = BeforeTheSwitch(async () =>
        {
            isOvertaken.TrySetResult();
            Assert.Equal(SyncOutcome.Busy, await first);
        });

        Assert.Equal(SyncOutcome.Completed, await successor.TickAsync());

        Assert.Null(await successor.ProblemAsync());
        Assert.Equal(trainings.Ids.Select(id => trainings.Json(id)!), CheckLatest(await successor.SnapshotFilesAsync()));

        static Func<string, Task> BeforeTheSwitch(Func<Task> act)
            => request =>
                request.StartsWith("PUT", StringComparison.Ordinal) && request.EndsWith("latest.json", StringComparison.Ordinal)
                    ? act()
                    : Task.CompletedTask;
    }

    [Fact]
    public async Task A_container_that_is_gone_stops_the_snapshots_and_nothing_else()
    {
        await using var simulator = await SimulateAsync();
        var trainings = simulator.Catalogue.Trainings;
        await using var app = await StartAsync(simulator);
        await app.Container(CatalogueStorage.Snapshots).DeleteIfExistsAsync(cancellationToken: TestContext.Current.CancellationToken);

        for (var pass = 0; pass < 2; pass++)
        {
            trainings.Update(trainings.Ids[pass], training => training["name"] = $"Anders {pass}");
            await app.CompleteAsync();
        }

        Assert.Equal(trainings.Ids.ToDictionary(id => id, id => trainings.Json(id)!), await app.RecordsAsync());
        Assert.Equal(
            "The snapshot could not be written, or an old one not removed. The specified container does not exist.",
            await app.ProblemAsync());

        await app.Container(CatalogueStorage.Snapshots).CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await app.CompleteAsync();
        Assert.Null(await app.ProblemAsync());
        Assert.Equal(trainings.Ids.Select(id => trainings.Json(id)!), CheckLatest(await app.SnapshotFilesAsync()));
    }

    [Fact]
    public async Task An_order_of_which_a_part_is_refused_does_the_rest_and_is_a_problem_also_in_a_pause()
    {
        await using var simulator = await SimulateAsync();
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync();
        await app.CompleteAsync();
        var old = (await app.SnapshotFilesAsync()).Keys.First(name => name != "nl/trainings/latest.json");
        await OrderAsync(app, SyncCommand.Pause);
        await OrderAsync(app);
        app.Tap.Before = request =>
            request.StartsWith("DELETE", StringComparison.Ordinal) && request.EndsWith(old, StringComparison.Ordinal)
                ? throw new RequestFailedException(412, "There is currently a lease on the blob.")
                : Task.CompletedTask;

        await app.TickAsync();

        Assert.Equal(
            "The snapshot could not be written, or an old one not removed. There is currently a lease on the blob.",
            await app.ProblemAsync());
        var left = await app.SnapshotFilesAsync();
        Assert.Contains(old, left.Keys);
        Assert.Equal(3 + 1 + 1, left.Count);

        app.Tap.Before = null;
        await app.TickAsync();
        Assert.Null(await app.ProblemAsync());
        Assert.Equal(3 + 1, (await app.SnapshotFilesAsync()).Count);
    }

    [Fact]
    public async Task A_snapshot_that_was_published_before_a_crash_stays_as_it_is()
    {
        using var world = new MemoryWorld(trainings: 5);
        await using var dying = await world.StartAsync(Daily);
        dying.Tap.Before = request =>
        {
            if (request.StartsWith("PUT", StringComparison.Ordinal) && request.EndsWith("latest.json", StringComparison.Ordinal))
                dying.Tap.KillAt(1, answerLost: false);
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<KilledException>(() => world.TickAsync(dying));
        await using var app = await world.StartAsync(Daily);
        var published = await ReadAsync();
        Assert.Contains("nl/trainings/latest.json", published.Keys);
        world.Api.Put(3, "New");
        await app.Mirror.RefreshAsync(
            new("nl", Trainings.Description), 3, () => Task.FromResult(true),
            TestContext.Current.CancellationToken);
        await app.ExpireLeaseAsync();

        Assert.Equal(SyncOutcome.NotDue, await world.TickAsync(app));

        Assert.Equal(published, await ReadAsync());
        app.Tap.Clear();
        Assert.Equal(SyncOutcome.NotDue, await world.TickAsync(app));
        Assert.Empty(app.Tap.Writes);

        async Task<Dictionary<string, string>> ReadAsync()
            => (await app.SnapshotFilesAsync()).ToDictionary(blob => blob.Key, blob => Convert.ToHexStringLower(blob.Value));
    }

    /// <summary>As by a run before it that comes late, which commits others.</summary>
    [Fact]
    public async Task A_snapshot_whose_blocks_are_lost_is_begun_anew()
    {
        using var world = new MemoryWorld(trainings: 5);
        await using var app = await world.StartAsync(Daily);
        app.Tap.Before = request =>
        {
            if (request.EndsWith("records.csv", StringComparison.Ordinal))
                world.Clock.Advance(new MirrorOptions().TimeBudget);
            return Task.CompletedTask;
        };
        await world.TickAsync(app);
        app.Tap.Before = null;
        var progress = Assert.Single((await app.SnapshotFilesAsync()).Keys);
        var lines = app.Container(CatalogueStorage.Snapshots)
            .GetBlockBlobClient(progress.Replace("progress.json", "records.ndjson.gz", StringComparison.Ordinal));
        await lines.CommitBlockListAsync([], cancellationToken: TestContext.Current.CancellationToken);

        await world.TickAsync(app);
        Assert.StartsWith(
            "The snapshot could not be written, or an old one not removed. ", await app.ProblemAsync(), StringComparison.Ordinal);
        await world.TickAsync(app);

        Assert.Null(await app.ProblemAsync());
        var blobs = await app.SnapshotFilesAsync();
        Assert.Equal(5, CheckLatest(blobs).Length);
        Assert.Equal(3 + 1, blobs.Count);
    }

    [Fact]
    public async Task A_storage_that_does_not_let_the_newest_be_switched_is_not_taken_for_another_run()
    {
        await using var simulator = await SimulateAsync();
        await using var app = await StartAsync(simulator);
        await app.CompleteAsync();
        app.Tap.Before = request =>
            request.StartsWith("PUT", StringComparison.Ordinal) && request.EndsWith("latest.json", StringComparison.Ordinal)
                ? throw new RequestFailedException(412, "There is currently a lease on the blob.")
                : Task.CompletedTask;

        Assert.Equal(SyncOutcome.Completed, await app.TickAsync());

        Assert.Equal(
            "The snapshot could not be written, or an old one not removed. There is currently a lease on the blob.",
            await app.ProblemAsync());
    }

    [Fact]
    public async Task A_snapshot_has_no_more_time_than_the_run_and_the_next_run_that_has_time_writes_it()
    {
        var clock = new FakeTimeProvider();
        using var memory = new MemoryStorage(clock);
        using var api = new ChaosApi(clock);
        for (var id = 1; id <= 5; id++)
            api.Put(id, "Name");
        await using var app = await MirrorApp.StartAsync(
            MemoryStorage.ConnectionString,
            "exports",
            new Uri("https://api.example"),
            new()
            {
                ["Springest:Mirror:SnapshotsKept"] = "2",
                ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00",
                ["Springest:Mirror:LeaseDuration"] = "00:10:00",
            },
            clock,
            memory,
            api);
        app.Tap.Before = request =>
        {
            if (request.EndsWith("records.csv", StringComparison.Ordinal))
                clock.Advance(TimeSpan.FromMinutes(5));
            return Task.CompletedTask;
        };

        Assert.Equal(SyncOutcome.Completed, await app.TickAsync());
        Assert.Null(await app.ProblemAsync());
        Assert.DoesNotContain("nl/trainings/latest.json", (await app.SnapshotFilesAsync()).Keys);

        app.Tap.Before = null;
        Assert.Equal(SyncOutcome.NotDue, await app.TickAsync());
        Assert.Null(await app.ProblemAsync());
        Assert.Equal(5, CheckLatest(await app.SnapshotFilesAsync()).Length);
    }

    [Fact]
    public async Task A_run_that_has_no_time_for_a_row_writes_the_head_of_the_sheet_once()
    {
        using var world = new MemoryWorld(trainings: 5);
        await using var app = await world.StartAsync(Daily);
        // The time is up when the pass has ended and the snapshot begins.
        app.Tap.Before = request =>
        {
            if (request.EndsWith("progress.json", StringComparison.Ordinal) && request.StartsWith("GET", StringComparison.Ordinal))
                world.Clock.Advance(new MirrorOptions().TimeBudget);
            return Task.CompletedTask;
        };
        await app.TickAsync();
        Assert.DoesNotContain("nl/trainings/latest.json", (await app.SnapshotFilesAsync()).Keys);
        app.Tap.Before = null;
        await app.ExpireLeaseAsync();

        await world.TickAsync(app);

        Assert.Equal(5, CheckLatest(await app.SnapshotFilesAsync()).Length);
    }

    /// <summary>The client asks again, and is refused since the first time was a success.</summary>
    [Fact]
    public async Task A_newest_whose_switch_was_not_answered_is_the_newest_and_the_only_one_when_it_replaces_all()
    {
        await using var simulator = await SimulateAsync();
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, TestContext.Current.CancellationToken);
        await using var app = await MirrorApp.StartAsync(
            proxy.ConnectionString,
            _prefix,
            simulator.Address,
            new() { ["Springest:Mirror:SnapshotsKept"] = "2", ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00" });
        await app.CompleteAsync();
        await OrderAsync(app);
        var tries = proxy.LoseAnswer(
            request => request.Method == "PUT" && request.Path.Value!.EndsWith("latest.json", StringComparison.Ordinal));

        await app.TickAsync();

        Assert.True(tries() > 1);
        var blobs = await app.SnapshotFilesAsync();
        Assert.Equal(4, blobs.Count);
        Assert.Equal(40, CheckLatest(blobs).Length);
    }

    [Fact]
    public async Task Without_snapshots_there_are_none_also_of_those_that_were_there()
    {
        await using var simulator = await SimulateAsync();
        await using (var before = await StartAsync(simulator))
            await before.CompleteAsync();
        await using var app = await MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator.Address);

        await app.CompleteAsync();
        Assert.Empty(await app.SnapshotFilesAsync());
        // As an erasure does.
        await OrderAsync(app);
        await app.CompleteAsync();

        Assert.Empty(await app.SnapshotFilesAsync());
        Assert.Null(await app.ProblemAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_snapshots_those_that_were_there_go_with_the_next_tick(bool isPaused)
    {
        using var world = new MemoryWorld(trainings: 5);
        await using (var before = await world.StartAsync(Daily))
        {
            await world.CompleteAsync(before);
            if (isPaused)
            {
                await OrderAsync(before, SyncCommand.Pause);
                await world.TickAsync(before);
            }

            Assert.NotEmpty(await before.SnapshotFilesAsync());
        }

        await using var app = await world.StartAsync(new(Daily) { ["Springest:Mirror:SnapshotsKept"] = "0" });
        Assert.Equal(SyncOutcome.NotDue, await world.TickAsync(app));

        Assert.Empty(await app.SnapshotFilesAsync());
        app.Tap.Clear();
        await world.TickAsync(app);
        Assert.Empty(app.Tap.Writes);
    }

    [Fact]
    public async Task A_snapshot_that_takes_longer_than_a_run_is_written_by_several_also_if_some_die()
    {
        var clock = new FakeTimeProvider();
        using var memory = new MemoryStorage(clock) { AnswersAtOnce = true };
        using var api = new ChaosApi(clock);
        for (var id = 1; id <= 3_000; id++)
            api.Put(id, "Name");
        var settings = new Dictionary<string, string?>
        {
            ["Springest:Mirror:SnapshotsKept"] = "2",
            ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00",
            ["Springest:Mirror:Trainings:DeltaInterval"] = "",
            ["Springest:Mirror:LeaseDuration"] = "00:10:00",
            ["Springest:Mirror:TimeBudget"] = "00:01:00",
        };
        var random = new Random(5);
        var (ticks, read) = (0, 0);
        for (var done = false; !done; ticks++)
        {
            Assert.InRange(ticks, 0, 40);
            await using var app = await MirrorApp.StartAsync(
                MemoryStorage.ConnectionString, "long", new Uri("https://api.example"), settings, clock, memory, api);
            app.Tap.Before = request =>
            {
                // Each hundred of rows takes a tenth of a minute, so that a run has time for ten of them.
                if (request.StartsWith("GET", StringComparison.Ordinal) && request.EndsWith("Trainings()", StringComparison.Ordinal))
                {
                    read++;
                    clock.Advance(TimeSpan.FromSeconds(6));
                }

                return Task.CompletedTask;
            };
            if (ticks > 0 && ticks % 3 == 0)
                app.Tap.KillAt(random.Next(1, 20), answerLost: false);
            try
            {
                await app.TickAsync();
            }
            catch (KilledException)
            {
            }

            clock.Advance(TimeSpan.FromMinutes(5));
            app.Tap.Before = null;
            app.Tap.KillAt(int.MaxValue, answerLost: false);
            await app.ExpireLeaseAsync();
            done = (await app.SnapshotFilesAsync()).ContainsKey("nl/trainings/latest.json");
            if (done)
                Assert.Equal(api.Records.Values, CheckLatest(await app.SnapshotFilesAsync()));
        }

        Assert.InRange(ticks, 3, 12);
        Assert.InRange(read, 30, 90);
    }

    /// <summary>A training's price is kept as a number and verbatim as text.</summary>
    [Theory]
    [InlineData("=1+1", "", "\"'=1+1\"")]
    [InlineData("+1", "1", "\"'+1\"")]
    [InlineData("-1", "-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "", "\"'@SUM(A1)\"")]
    [InlineData("\uff1d1+1", "", "\"'\uff1d1+1\"")]
    [InlineData("\uff0b1", "", "\"'\uff0b1\"")]
    [InlineData("\uff0d1", "", "\"'\uff0d1\"")]
    [InlineData("\uff20A1", "", "\"'\uff20A1\"")]
    [InlineData("\t=1", "", "\"'\t=1\"")]
    [InlineData("\r=1", "", "\"'\r=1\"")]
    [InlineData("\n=1", "", "\"'\n=1\"")]
    [InlineData("\"=1\"", "", "\"\"\"=1\"\"\"")]
    [InlineData("1=1", "", "\"1=1\"")]
    [InlineData("1\n2, 3", "", "\"1\n2, 3\"")]
    [InlineData("0012.50", "12.5", "\"0012.50\"")]
    [InlineData("😀", "", "\"😀\"")]
    [InlineData(null, "", "")]
    public async Task No_text_is_taken_for_a_formula_and_none_breaks_its_cell(string? price, string number, string text)
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = 2,
                Subjects = 3,
                Certifications = 0,
            },
            TestContext.Current.CancellationToken);
        var trainings = simulator.Catalogue.Trainings;
        trainings.Update(
            trainings.Ids[0],
            training => (training["price"], training["max_participants"], training["modified"]) = (price, -1, "2024-03-12T01:00:00+01:00"));
        await using var app = await StartAsync(simulator);

        await app.CompleteAsync();

        var sheet = Encoding.UTF8.GetString(
            (await app.SnapshotFilesAsync()).Single(blob => blob.Key.EndsWith("/records.csv", StringComparison.Ordinal)).Value);
        var (columns, line) = (Trainings.Description.Columns.Select(column => column.Name).ToList(), sheet.Split("\r\n")[1]);
        var cells = Cells().Matches(line).Select(match => match.Value).ToList();
        string Cell(string column) => cells[columns.IndexOf(column) + 1];
        Assert.Equal((columns.Count + 3, number, text), (cells.Count, Cell("Price"), Cell("PriceText")));
        Assert.Equal(("-1", "2024-03-12T00:00:00Z"), (Cell("MaxParticipants"), Cell("Modified")));
    }

    private static Task OrderAsync(MirrorApp app, SyncCommand command = SyncCommand.Snapshot)
        => app.Store.Commands(new("nl", Trainings.Description)).EnqueueAsync(command, by: null, TestContext.Current.CancellationToken);

    /// <summary>The newest snapshot is whole: its files are there and are what its manifest says.</summary>
    /// <returns>Its records.</returns>
    private static string[] CheckLatest(SortedDictionary<string, byte[]> blobs)
    {
        var manifest = JsonNode.Parse(blobs["nl/trainings/latest.json"])!;
        var folder = (string)manifest["folder"]!;
        Assert.Equal(blobs["nl/trainings/latest.json"], blobs[$"{folder}/manifest.json"]);
        var lines = Unpack(blobs[$"{folder}/records.ndjson.gz"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(lines)), (string?)manifest["sha256"]);
        var records = Encoding.UTF8.GetString(lines).TrimEnd('\n').Split('\n');
        Assert.Equal((int)manifest["records"]!, records.Length);
        Assert.Equal(records.Length + 2, Encoding.UTF8.GetString(blobs[$"{folder}/records.csv"]).Split("\r\n").Length);
        return records;
    }

    /// <summary>In quotes with the quotes within doubled, or without any.</summary>
    [GeneratedRegex("""(?<=^|,)("([^"]|"")*"|[^",]*)(?=,|$)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Cells();

    private static byte[] Unpack(byte[] packed)
    {
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))
            gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    private static Task<SimulatorServer> SimulateAsync()
        => SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = 40,
                Subjects = 3,
                Certifications = 3,
            },
            TestContext.Current.CancellationToken);

    private Task<MirrorApp> StartAsync(SimulatorServer simulator, MemoryStorage? memory = null)
        => MirrorApp.StartAsync(
            memory is null ? azurite.Azurite.ConnectionString : MemoryStorage.ConnectionString,
            _prefix,
            simulator.Address,
            new() { ["Springest:Mirror:SnapshotsKept"] = "2" },
            memory: memory);
}
