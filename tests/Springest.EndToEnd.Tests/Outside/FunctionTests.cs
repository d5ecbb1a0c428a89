using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Simulator.Behaviours;

namespace Springest.EndToEnd.Tests.Outside;

/// <summary>All functions of the app are there, and each timer runs.</summary>
public abstract class FunctionTests(World world, Topology topology) : OutsideTests(world, topology)
{
    public static TheoryData<string> Timers
        => [.. Metadata.Functions.Where(function => function.Trigger is "timerTrigger").Select(function => function.Name)];

    [Fact]
    public void The_package_names_every_kind_of_function()
    {
        var kinds = Metadata.Functions.CountBy(function => function.Trigger).ToDictionary();

        Assert.Equal(["blobTrigger", "httpTrigger", "timerTrigger"], kinds.Keys.Order());
        Assert.Equal(1, kinds["blobTrigger"]);
    }

    [Fact]
    public async Task The_host_knows_the_functions_of_the_package()
    {
        var answer = await App.SendAsync("GET", "admin/functions", App.Keys.Master);

        Assert.Equal(200, (int)answer.Status);
        Assert.Equal(
            Metadata.Functions.Select(function => function.Name).Order(),
            answer.Json.EnumerateArray().Select(function => function.GetProperty("name").GetString()!).Order());
    }

    [Fact]
    public async Task Every_HTTP_function_is_behind_its_address()
    {
        foreach (var function in Metadata.Functions.Where(function => function.Trigger is "httpTrigger"))
        {
            var path =
                $"api/{function.Route!.Replace("{id:long}", "1", StringComparison.Ordinal).Replace("{site}", "nl", StringComparison.Ordinal)
                .Replace("{resource}", "reviews", StringComparison.Ordinal).Replace("{command}", "none", StringComparison.Ordinal)
                .Replace("{file}", "none", StringComparison.Ordinal)
                .Replace("{key}", "none", StringComparison.Ordinal).Replace("{id}", "none", StringComparison.Ordinal)}";

            var answer = await App.SendAsync(function.Methods.FirstOrDefault() ?? "GET", path);

            // Not 404 without a body, which is the answer where nothing is.
            Assert.Equal(
                function.Name is "GetConsole" or "GetHealth" ? 200 : function.Name is "GetConsoleFile" ? 404 : 401, (int)answer.Status);
        }
    }

    [Theory]
    [MemberData(nameof(Timers))]
    public async Task A_timer_runs_when_it_is_told_to(string timer)
    {
        await App.FilledAsync();
        switch (timer)
        {
            case "SweepCertificates":
                var (file, content, _) = Certificates.Make(App);
                var blob = await App.DropSilentlyAsync(file, content);
                await App.FireAsync(timer);
                await Certificates.ReceiptAsync(App, blob);
                break;
            case "VerifyCertificates":
                var certificate = Certificates.Make(App);
                await Certificates.ReceiptAsync(App, await App.DropAsync(certificate.File, certificate.Content));
                await SeeRequestAsync(timer, "/users/certificates");
                break;
            case "ApplyWebhooks":
                await Eventually.BeAsync("what failed at first is applied when the timer is told to run", async () =>
                {
                    var training = Mirror.Publish(App);
                    // So that it is not applied as it comes.
                    App.Simulator.Behaviour.Faults.Add(new Fault { Status = 400, Path = $"/trainings/{training}.", Times = 1 });
                    await App.TellAsync(Webhook.Update(training));
                    await Eventually.BeAsync($"training {training} is applied", async () =>
                    {
                        await App.FireAsync(timer);
                        return await Mirror.FindAsync(App, training) is not null;
                    });
                    // By its schedule it runs at each fifteenth second.
                    return App.LookUps(training).Last().Time.Second % 15 > 4;
                });
                break;
            case "ExportCertificates":
                var copy = App.Container("certificate-ledger").GetBlobClient($"{App.Site}.ndjson");
                var old = await VersionAsync(copy);
                await App.FireAsync(timer);
                await Eventually.BeAsync("the ledger is copied", async () => await VersionAsync(copy) != old);
                break;
            case "RemoveOldData":
                var log = App.Table("OperatorLog");
                var row = new TableEntity("2020-01", $"{Ids.Next()}") { ["Name"] = "somebody" };
                await log.AddEntityAsync(row, TestContext.Current.CancellationToken);
                await Eventually.BeAsync("what is too old is gone", async () =>
                {
                    // It looks once a day; a run by the schedule may be under way.
                    await App.Table("Erasures")
                        .DeleteEntityAsync("retention", "retention", cancellationToken: TestContext.Current.CancellationToken);
                    await App.FireAsync(timer);
                    return await FindAsync(log, row.PartitionKey, row.RowKey) is null;
                });
                break;
            case "Measure":
                var board = App.Table("TodoBoard");
                var asked = TimeProvider.System.GetUtcNow();
                await Eventually.BeAsync("what is to do is noted", async () =>
                {
                    await App.FireAsync(timer);
                    // By its schedule it runs at the thirtieth second.
                    return (await FindAsync(board, "board", "board"))?.GetDateTimeOffset("At") is { } at && at > asked
                        && at.Second is < 29 or > 45;
                });
                break;
            default:
                var resource = timer["Crawl".Length..].ToLowerInvariant();
                var start = await App.SendAsync("POST", $"api/manage/catalogue/nl/{resource}/start", App.Keys.Operator);
                Assert.Equal(202, (int)start.Status);
                await SeeRequestAsync(timer, $"/{resource}");
                break;
        }
    }

    /// <summary>It fires at the thirtieth second of each minute, whatever the settings are; one that has fired already counts.</summary>
    [Fact]
    public async Task A_timer_runs_by_its_schedule_and_leaves_its_status()
    {
        await Eventually.BeAsync(
            "the status of the timer Measure is written",
            async ()
            => {
                await foreach (
                    var blob in App.HostContainer.GetBlobsAsync(
                        Azure.Storage.Blobs.Models.BlobTraits.None,
                        Azure.Storage.Blobs.Models.BlobStates.None,
                        $"timers/{App.HostId}",
                        TestContext.Current.CancellationToken))
                    if (blob.Name.EndsWith("/Host.Functions.Measure/status", StringComparison.Ordinal)
                        && await LastAsync(App.HostContainer.GetBlobClient(blob.Name)) > App.Started)
                        return true;
                return false;
            });
    }

    private static async Task<DateTimeOffset> LastAsync(BlobClient status)
    {
        using var json = JsonDocument.Parse((await status.DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content);
        return json.RootElement.GetProperty("Last").GetDateTimeOffset();
    }

    private static async Task<ETag?> VersionAsync(BlobClient blob)
        => await blob.ExistsAsync(TestContext.Current.CancellationToken)
            ? (await blob.GetPropertiesAsync(cancellationToken: TestContext.Current.CancellationToken)).Value.ETag
            : null;

    private static async Task<TableEntity?> FindAsync(TableClient table, string partition, string row)
        => await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: TestContext.Current.CancellationToken)
            is { HasValue: true, Value: { } found } ? found : null;

    private async Task SeeRequestAsync(string timer, string path)
    {
        var before = App.Simulator.Requests.Snapshot() is { Count: > 0 } requests ? requests[^1].Number : 0;
        await Eventually.BeAsync($"{timer} asks for {path}", async () =>
        {
            // The pass that filled the mirror may not have been over at the first time.
            await App.FireAsync(timer);
            return App.Simulator.Requests.Snapshot()
                .Any(request => request.Number > before && request.Method is "GET" && request.Path.Split('.')[0] == path);
        });
    }

    public sealed class OneWorker(World world) : FunctionTests(world, Topology.OneWorker);

    public sealed class WorkerPerScaleGroup(World world) : FunctionTests(world, Topology.WorkerPerScaleGroup);
}
