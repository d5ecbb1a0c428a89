using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>Each record is stored if it can be, else counted and reported with its place, and the pass goes on.</summary>
public sealed class BadRecordTests(AzuriteFixture azurite)
{
    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task What_cannot_be_stored_is_counted_and_reported_with_its_place_and_stops_nothing()
    {
        (string Record, string? Problem)[] page =
        [
            ("""{"id":1,"name":"een"}""", null),
            ("""{"name":"no id"}""", "has no id"),
            ("""{"id":null}""", "has an id that is no number"),
            ("""{"id":-7}""", "has an id that is no number"),
            ("""{"id":1.5}""", "has an id that is no number"),
            ("""{"id":18446744073709551616}""", "has an id that is no number"),
            ("""{"id":"zeven"}""", "has an id that is no number"),
            ("""{"id":"/\\#?"}""", "has an id that is no number"),
            ("""{"id":{}}""", "has an id that is no number"),
            ("17", "has no id"),
            ("""{"id":"2","name":"id as text"}""", null),
            ("""{"id":0,"name":"nul"}""", null),
            ("""{"id":1,"name":"een, once more"}""", "repeats id 1 of its page"),
            ("""{"id":3,"name":"half a pair \ud83d"}""", null),
            ("""{"id":5,"name":" tab\t, bell\u0007, escape\u001b, delete\u007f, nul\u0000"}""", null),
            (
                """{"id":4,"name":["no text"],"price":{},"modified":"yesterday","institute_id":"x","subjects":7,"regions":[1,null,{}]}""",
                null),
            ("""{"id":6,"\ud800":1}""", "has a field whose name is no text"),
            ("""{"\ud800":1,"id":7,"name":"zeven","starting_dateplaces":{"\ud800":{"\ud800":2}}}""", null),
            ("""{"id":9223372036854775807,"modified":"0001-01-01","price":"1e999"}""", null),
        ];
        await using var app = await TestApp.StartAsync(
            azurite.Azurite,
            new SimulatorOptions
            {
                Trainings = 75,
                Subjects = 3,
                Certifications = 3,
            });
        app.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Path = "/trainings.json",
                When = request => request.Parameter("offset") == "30",
                Status = 200,
                Body = $$$"""{"meta":{"results":75,"offset":30},"trainings":[{{{string.Join(',', page.Select(item => item.Record))}}}]}""",
            });

        await app.FireAsync("CrawlTrainings");

        var rows = await app
            .Storage.Table(nameof(Trainings))
            .QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken)
            .ToDictionaryAsync(row => long.Parse(row.RowKey), cancellationToken: TestContext.Current.CancellationToken);
        long[] stored = [0, 1, 2, 3, 4, 5, 7, long.MaxValue];
        Assert.Equal(stored, rows.Keys.Where(id => !app.Simulator.Catalogue.Trainings.Ids.Contains(id)).Order());
        Assert.Equal(75 - page.Length, rows.Count - stored.Length);
        Assert.Equal("een", rows[1]["Name"]);
        Assert.Equal(("zeven", 1L), (rows[7]["Name"], rows[7]["StartingDates"]));
        Assert.Equal("tab , bell , escape , delete , nul", rows[5]["Name"]);
        Assert.All(
            rows.Where(row => stored.Contains(row.Key)),
            row => Assert.Contains(row.Value["Json"], page.Select(item => item.Record)));
        var wrong = page.Index().Where(item => item.Item.Problem is not null).ToList();
        Assert.All(
            wrong,
            item =>
                Assert.Single(
                    app.Logs.Lines,
                    line => line.Contains($"the record at offset {30 + item.Index} {item.Item.Problem}", StringComparison.Ordinal)));
        var status = await app.Get<CatalogueStatus>()
            .ReadAsync(TestContext.Current.CancellationToken)
            .SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((wrong.Count, rows.Count), (status.Refused, status.Records));
        Assert.NotNull(status.FullPassCompleted);
    }

    [Fact]
    public async Task A_big_record_is_kept_whole()
    {
        await using var simulator = await SimulateAsync();
        var (small, large) = (simulator.Catalogue.Trainings.Ids[1], simulator.Catalogue.Trainings.Ids[3]);
        simulator.Catalogue.Trainings.Update(
            small,
            training => training["description"] = string.Concat(Enumerable.Repeat("<p>\"één\" 😀 & twee</p>", 11_000)));
        simulator.Catalogue.Trainings.Update(
            large,
            training =>
            {
                training["description"] = new string('x', 2_000_000);
                training["subjects"] = new JsonArray([
                    .. Enumerable.Range(1, 10_000).Select(id => new JsonObject { ["id"] = id, ["name"] = $"Onderwerp {id}" }),
                ]);
            });
        await using var app = await MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator);

        await app.CompleteAsync();
        simulator.Catalogue.Trainings.Update(large, training => training["description"] = new string('y', 2_000_000));
        await app.CompleteAsync();

        Assert.Equal(Data(simulator), await app.RecordsAsync());
        Assert.True((await app.RowsAsync(nameof(Trainings)))[$"{large:D19}"].ContainsKey("JsonBlob"));
    }

    [Fact]
    public async Task A_big_record_whose_blob_is_gone_is_replaced_by_its_next_version()
    {
        await using var simulator = await SimulateAsync();
        var large = simulator.Catalogue.Trainings.Ids[3];
        simulator.Catalogue.Trainings.Update(large, training => training["description"] = new string('x', 2_000_000));
        await using var app = await MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator);
        await app.CompleteAsync();
        var blob = (await app.RowsAsync(nameof(Trainings)))[$"{large:D19}"].GetString("JsonBlob");
        await app.Container(CatalogueStorage.RecordBlobs)
            .DeleteBlobIfExistsAsync(blob, cancellationToken: TestContext.Current.CancellationToken);

        simulator.Catalogue.Trainings.Update(large, training => training["description"] = new string('y', 2_000_000));
        await app.CompleteAsync();

        Assert.Equal(Data(simulator), await app.RecordsAsync());
        var change = (await app.RowsAsync(CatalogueStorage.Changes)).Values.Last();
        Assert.Equal(("Updated", large), (change["Change"], change["Id"]));
        Assert.False(change.ContainsKey("ChangedFields"));
    }

    [Fact]
    public async Task A_reader_whose_big_record_is_replaced_between_row_and_blob_gets_the_new_one()
    {
        await using var simulator = await SimulateAsync();
        var large = simulator.Catalogue.Trainings.Ids[3];
        simulator.Catalogue.Trainings.Update(large, training => training["description"] = new string('x', 2_000_000));
        await using var app = await MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator);
        await using var other = await MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator);
        await app.CompleteAsync();
        app.Tap.Before = async request =>
        {
            if (!request.Contains(CatalogueStorage.RecordBlobs, StringComparison.Ordinal))
                return;
            app.Tap.Before = null;
            simulator.Catalogue.Trainings.Update(large, training => training["description"] = new string('y', 2_000_000));
            await other.Mirror.RefreshAsync(
                new("nl", Trainings.Description),
                large,
                () => Task.FromResult(true),
                TestContext.Current.CancellationToken);
        };

        var (etag, json) = (
            await app.Reader.FindAsync(
                new MirrorScope("nl", Trainings.Description),
                large,
                deleted: false,
                TestContext.Current.CancellationToken)
        )!.Value;

        Assert.StartsWith(
            simulator.Catalogue.Trainings.Json(large)![..^1] + ",\"_mirror\":", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
        Assert.Contains((string)(await app.RowsAsync(nameof(Trainings)))[$"{large:D19}"]["Hash"], etag, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Big_records_whose_page_is_too_big_to_read_are_read_one_by_one()
    {
        await using var simulator = await SimulateAsync();
        foreach (var id in simulator.Catalogue.Trainings.Ids.Take(3))
            simulator.Catalogue.Trainings.Update(id, training => training["description"] = new string('x', 2_000_000));
        await using var app = await MirrorApp.StartAsync(
            azurite.Azurite.ConnectionString,
            _prefix,
            simulator,
            new() { ["Springest:Sites:nl:Retries"] = "0" });

        Assert.Equal(SyncOutcome.Completed, await app.TickAsync());

        Assert.Equal(Data(simulator), await app.RecordsAsync());
    }

    private static Dictionary<long, string> Data(SimulatorServer simulator)
        => simulator.Catalogue.Trainings.Ids.ToDictionary(id => id, id => simulator.Catalogue.Trainings.Json(id)!);

    private static Task<SimulatorServer> SimulateAsync()
        => SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = 5,
                Subjects = 3,
                Certifications = 3,
            },
            TestContext.Current.CancellationToken);
}
