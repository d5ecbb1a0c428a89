using Azure;
using Azure.Data.Tables;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>Between the reading of a page and the writing of its rows, a webhook has a record read again.</summary>
public sealed class NewerWinsTests(AzuriteFixture azurite)
{
    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task A_page_does_not_overwrite_a_record_that_a_webhook_created_meanwhile()
    {
        await using var simulator = await SimulateAsync();
        await using var crawl = await StartAsync(simulator);
        var id = simulator.Catalogue.Trainings.Ids[2];
        await InterposeAsync(
            crawl,
            simulator,
            "POST",
            () => simulator.Catalogue.Trainings.Update(id, training => training["name"] = "Newest"),
            id);

        await crawl.CompleteAsync();

        Assert.Equal(Data(simulator), await crawl.RecordsAsync());
        Assert.Equal(Data(simulator).Keys.Select(each => $"Created {each}").Order(), (await crawl.ChangesAsync()).Order());
        Assert.Equal(
            "Webhook",
            (await crawl.RowsAsync(CatalogueStorage.Changes)).Values.Single(change => change.GetInt64("Id") == id)["Source"]);
    }

    [Fact]
    public async Task A_page_does_not_overwrite_a_record_that_a_webhook_updated_meanwhile()
    {
        await using var simulator = await SimulateAsync();
        await using var crawl = await StartAsync(simulator);
        await crawl.CompleteAsync();
        var id = simulator.Catalogue.Trainings.Ids[2];
        simulator.Catalogue.Trainings.Update(id, training => training["name"] = "Newer");
        await InterposeAsync(
            crawl,
            simulator,
            "PUT",
            () => simulator.Catalogue.Trainings.Update(id, training => training["name"] = "Newest"),
            id);

        await crawl.CompleteAsync();

        Assert.Equal(Data(simulator), await crawl.RecordsAsync());
        Assert.Equal([$"Updated {id}"], (await crawl.ChangesAsync())[5..]);
    }

    [Fact]
    public async Task A_page_does_not_bring_back_a_record_that_a_webhook_removed_meanwhile()
    {
        await using var simulator = await SimulateAsync();
        await using var crawl = await StartAsync(simulator);
        await crawl.CompleteAsync();
        var id = simulator.Catalogue.Trainings.Ids[2];
        simulator.Catalogue.Trainings.Update(id, training => training["name"] = "Newer");
        await InterposeAsync(crawl, simulator, "PUT", () => simulator.Catalogue.Trainings.Remove(id), id);

        await crawl.CompleteAsync();

        Assert.Equal(Data(simulator), await crawl.RecordsAsync());
        Assert.Equal([$"Deleted {id}"], (await crawl.ChangesAsync())[5..]);
    }

    [Fact]
    public async Task A_page_does_not_bring_back_a_record_that_was_removed_before_and_came_and_went_meanwhile()
    {
        await using var simulator = await SimulateAsync();
        var trainings = simulator.Catalogue.Trainings;
        await using var crawl = await StartAsync(simulator);
        await crawl.CompleteAsync();
        var (id, training) = (trainings.Ids[2], trainings.Get(trainings.Ids[2])!);
        trainings.Remove(id);
        await RefreshAsync(crawl, id);
        trainings.Put(training);
        await InterposeAsync(crawl, simulator, "PUT", () => trainings.Remove(id), id);

        await crawl.CompleteAsync();

        Assert.Null(crawl.Tap.Before);
        Assert.Equal(Data(simulator), await crawl.RecordsAsync());
        Assert.Equal([$"Deleted {id}"], (await crawl.ChangesAsync())[5..]);
    }

    [Fact]
    public async Task A_page_does_not_bring_in_a_record_that_came_and_went_meanwhile()
    {
        await using var simulator = await SimulateAsync();
        await using var crawl = await StartAsync(simulator);
        var id = simulator.Catalogue.Trainings.Ids[2];
        await InterposeAsync(crawl, simulator, "POST", () => simulator.Catalogue.Trainings.Remove(id), id);

        await crawl.CompleteAsync();

        Assert.Equal(Data(simulator), await crawl.RecordsAsync());
        Assert.DoesNotContain(await crawl.ChangesAsync(), change => change.EndsWith($" {id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_that_a_webhook_read_during_the_pass_is_not_missing()
    {
        await using var simulator = await SimulateAsync();
        await using var crawl = await StartAsync(simulator);
        await crawl.CompleteAsync();
        var id = simulator.Catalogue.Trainings.Ids[2];
        simulator.Catalogue.Trainings.Show(id, visible: false);
        await InterposeAsync(
            crawl,
            simulator,
            "PUT",
            () => simulator.Catalogue.Trainings.Show(id, visible: true),
            id,
            table: "MirrorPages");

        await crawl.CompleteAsync();

        Assert.DoesNotContain((await crawl.RowsAsync(nameof(Trainings))).Values, row => row.ContainsKey("MissingSince"));
    }

    [Fact]
    public async Task A_row_that_somebody_removes_while_it_is_being_replaced_is_written_as_a_new_one()
    {
        await using var simulator = await SimulateAsync();
        await using var crawl = await StartAsync(simulator);
        await crawl.CompleteAsync();
        var id = simulator.Catalogue.Trainings.Ids[2];
        simulator.Catalogue.Trainings.Update(id, training => training["name"] = "Newest");
        crawl.Tap.Before = async request =>
        {
            var isOfRecord = request.Contains($"{nameof(Trainings)}(", StringComparison.Ordinal);
            if (!isOfRecord || !request.StartsWith("PUT", StringComparison.Ordinal))
                return;
            crawl.Tap.Before = null;
            var table = new TableClient(azurite.Azurite.ConnectionString, $"{_prefix}{nameof(Trainings)}");
            await table.DeleteEntityAsync("nl", RecordEntity.KeyOf(id), ETag.All, TestContext.Current.CancellationToken);
        };

        await crawl.CompleteAsync();

        Assert.Null(crawl.Tap.Before);
        Assert.Equal(Data(simulator), await crawl.RecordsAsync());
        Assert.Equal([$"Created {id}"], (await crawl.ChangesAsync())[5..]);
    }

    /// <summary>Before the crawl's first write to a table: the API's data change, and another instance has a webhook about it.</summary>
    private async Task InterposeAsync(
        MirrorApp crawl,
        SimulatorServer simulator,
        string method,
        Action change,
        long id,
        string table = nameof(Trainings))
    {
        var webhooks = await StartAsync(simulator);
        crawl.Tap.Before = async request =>
        {
            var isFirstWrite =
                request.StartsWith(method, StringComparison.Ordinal)
                && (request.Contains($"{table}(", StringComparison.Ordinal) || request.EndsWith("$batch", StringComparison.Ordinal));
            if (!isFirstWrite)
                return;
            crawl.Tap.Before = null;
            await using (webhooks)
            {
                change();
                await RefreshAsync(webhooks, id);
            }
        };
    }

    /// <summary>As a webhook has it done.</summary>
    private static Task<ApplyOutcome> RefreshAsync(MirrorApp app, long id)
        => app.Mirror.RefreshAsync(
            new("nl", Trainings.Description), id, () => Task.FromResult(true),
            TestContext.Current.CancellationToken);

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

    private Task<MirrorApp> StartAsync(SimulatorServer simulator)
        => MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator);
}
