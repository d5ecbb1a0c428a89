using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Storage;
using Springest.Testing.Catalogue;
using Springest.Testing.Memory;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>What is wrong with one row, one clock or one writer costs nobody else anything.</summary>
public sealed class IsolationTests : IDisposable
{
    private readonly MemoryWorld _world = new(trainings: 60);

    [Fact]
    public async Task Rows_that_somebody_else_has_put_into_the_tables_are_passed_over()
    {
        await using var app = await _world.StartAsync(new() { ["Springest:Mirror:SnapshotsKept"] = "1" });
        await _world.CompleteAsync(app);
        foreach (var table in (string[])[nameof(Trainings), CatalogueStorage.Changes])
        {
            await app.Storage.Table(table).AddEntityAsync(
                new TableEntity(table == nameof(Trainings) ? "nl" : "nl:Trainings", "9999999999999999999 - a note") { ["Text"] = "mine" },
                TestContext.Current.CancellationToken);
        }

        _world.Api.Put(3, "New");
        await _world.CompleteAsync(app);

        Assert.Null(await app.ProblemAsync());
        Assert.Equal(60, await CountAsync(app));
    }

    [Fact]
    public async Task A_record_whose_blob_is_gone_is_left_out_until_the_next_pass_has_written_it_again()
    {
        await using var app = await _world.StartAsync(new() { ["Springest:Mirror:SnapshotsKept"] = "1" });
        _world.Api.Change(records => records.SetItem(5, $$"""{"id":5,"name":"{{new string('x', 400_000)}}"}"""));
        await _world.CompleteAsync(app);
        var blob = (await app.RowsAsync(nameof(Trainings)))[$"{5:D19}"].GetString("JsonBlob");
        await app.Container(CatalogueStorage.RecordBlobs).DeleteBlobAsync(blob, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(59, await CountAsync(app));
        await _world.CompleteAsync(app);

        Assert.Equal(60, await CountAsync(app));
        Assert.Equal(_world.Api.Records, await app.RecordsAsync());
    }

    /// <summary>As by the system when it has asked a time server.</summary>
    [Fact]
    public async Task A_clock_that_is_set_back_while_storage_answers_goes_on()
    {
        var (local, real) = (new FakeTimeProvider(), new FakeTimeProvider());
        local.Advance(TimeSpan.FromSeconds(10));
        using var storage = new MemoryStorage(real) { AnswersAtOnce = true };
        var clock = new StorageClock(local);
        using var wire = new Wire(storage);
        var options = new TableClientOptions { Transport = new HttpClientTransport(wire) };
        options.AddPolicy(clock.Policy, HttpPipelinePosition.PerRetry);
        var tables = new TableServiceClient(MemoryStorage.ConnectionString, options);
        await tables.CreateTableIfNotExistsAsync("one", TestContext.Current.CancellationToken);
        Assert.InRange(clock.GetUtcNow() - real.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        wire.Before = () => local.AdjustTime(real.GetUtcNow());

        await tables.CreateTableIfNotExistsAsync("two", TestContext.Current.CancellationToken);
        clock.GetUtcNow();
        await tables.CreateTableIfNotExistsAsync("three", TestContext.Current.CancellationToken);

        Assert.InRange(clock.GetUtcNow() - real.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(600)]
    [InlineData(-600)]
    public async Task What_was_read_later_wins_although_the_instances_clocks_differ(int seconds)
    {
        var skewed = new FakeTimeProvider(_world.Clock.GetUtcNow() + TimeSpan.FromSeconds(seconds));
        await using var ahead = await _world.StartAsync(clock: skewed);
        await using var right = await _world.StartAsync();
        await ahead.CompleteAsync();
        for (var change = 0; change < 20; change++)
        {
            Advance(TimeSpan.FromSeconds(1.3));
            _world.Api.Put(7, $"Change {change}");
            await RefreshAsync(change % 2 == 0 ? ahead : right, 7);
            Assert.Equal(_world.Api.Records[7], (await right.RecordsAsync())[7]);
        }

        var changes = (await right.RowsAsync(CatalogueStorage.Changes)).Values.Where(change => change.GetInt64("Id") == 7).ToList();
        Assert.Equal(21, changes.Count);
        for (var change = 1; change < changes.Count; change++)
            Assert.Equal(changes[change - 1].GetString("HashAfter"), changes[change].GetString("HashBefore"));

        void Advance(TimeSpan time)
        {
            _world.Clock.Advance(time);
            skewed.Advance(time);
        }
    }

    [Fact]
    public async Task A_change_is_written_once_although_storage_is_slow_for_its_writer()
    {
        await using var slow = await _world.StartAsync();
        await using var other = await _world.StartAsync();
        await _world.CompleteAsync(slow);
        _world.Api.Put(7, "New");
        slow.Tap.Before = async request =>
        {
            if (request.StartsWith("PUT", StringComparison.Ordinal) && request.Contains("Trainings(", StringComparison.Ordinal))
                _world.Clock.Advance(TimeSpan.FromSeconds(10));
            if (request.StartsWith("GET", StringComparison.Ordinal)
                || !request.Contains(CatalogueStorage.Changes, StringComparison.Ordinal))
                return;
            // The row is written, and its change is on its way.
            slow.Tap.Before = null;
            _world.Clock.Advance(TimeSpan.FromSeconds(25));
            await RefreshAsync(other, 7);
        };
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        await slow.TickAsync();

        Assert.Equal(["Created 7", "Updated 7"], (await other.ChangesAsync()).Where(change => change.Split(' ')[1] == "7"));
    }

    [Fact]
    public async Task A_tick_that_finds_nothing_due_costs_two_requests_to_storage_and_none_to_the_api()
    {
        await using var app = await _world.StartAsync(new() { ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00" });
        await _world.CompleteAsync(app);
        var asked = _world.Api.Requests;
        app.Tap.Clear();

        Assert.Equal(SyncOutcome.NotDue, await _world.TickAsync(app));

        Assert.Equal((2, 0), (app.Tap.Count, app.Tap.Writes.Count));
        Assert.Equal(asked, _world.Api.Requests);
        Assert.Equal(SyncOutcome.Completed, await _world.TickAsync(app));
    }

    [Fact]
    public async Task Every_pass_is_in_the_history()
    {
        await using var app = await _world.StartAsync(new() { ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00" });
        await _world.CompleteAsync(app);
        _world.Api.Put(3, "New");
        _world.Api.Remove(9);
        await _world.CompleteAsync(app);
        _world.Clock.Advance(TimeSpan.FromDays(1));
        await _world.CompleteAsync(app);

        var passes = (await app.RowsAsync(CatalogueStorage.MirrorPasses)).Values.ToList();

        Assert.Equal(["Full", "Delta", "Full"], passes.Select(pass => pass.GetString("Kind")).Take(3));
        Assert.Equal(
            (59, 1, 2), (passes[0].GetInt32("Records"), passes[0].GetInt32("Missing"), passes[0].GetInt32("Requests")));
        Assert.Equal((1, 0), (passes[1].GetInt32("Updated"), passes[1].GetInt32("Created")));
        Assert.Equal(60, passes[2].GetInt32("Created"));
    }

    [Fact]
    public async Task Records_are_counted_with_what_webhooks_make()
    {
        await using var app = await _world.StartAsync(new() { ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00" });
        await _world.CompleteAsync(app);
        for (var id = 101; id <= 105; id++)
        {
            _world.Api.Put(id, "New");
            await RefreshAsync(app, id);
        }

        for (var tick = 0; tick < 4; tick++)
            await _world.TickAsync(app);
        Assert.Equal(65, (await StatusAsync(app)).Records);

        _world.Clock.Advance(TimeSpan.FromDays(1));
        for (var tick = 0; tick < 4; tick++)
            await _world.TickAsync(app);
        Assert.Equal(65, (await StatusAsync(app)).Records);
    }

    public void Dispose() => _world.Dispose();

    private static Task<ApplyOutcome> RefreshAsync(MirrorApp app, long id)
        => app.Mirror.RefreshAsync(
            new("nl", Trainings.Description), id, () => Task.FromResult(true),
            TestContext.Current.CancellationToken);

    private static async Task<ResourceStatus> StatusAsync(MirrorApp app)
        => await app.Status.ReadAsync(TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);

    private static async Task<int> CountAsync(MirrorApp app)
    {
        using var json = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(json))
        {
            var all = new CatalogueQuery(1000, "", null, null, null, Deleted: false);
            var trainings = new MirrorScope("nl", Trainings.Description);
            await (await app.Reader.ListAsync(trainings, all, TestContext.Current.CancellationToken))
                .WriteAsync(writer, TestContext.Current.CancellationToken);
        }

        return JsonElement.Parse(Encoding.UTF8.GetString(json.ToArray())).GetProperty("items").GetArrayLength();
    }

    private sealed class Wire(HttpMessageHandler storage) : DelegatingHandler(storage)
    {
        public Action Before { get; set; } = () => { };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Before();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
