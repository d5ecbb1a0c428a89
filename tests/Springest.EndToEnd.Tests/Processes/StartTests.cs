using System.Diagnostics;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>How an instance comes to life, and of how many processes.</summary>
public sealed class StartTests(World world) : ProcessTests(world)
{
    [Fact]
    public async Task A_start_is_measured()
    {
        await using var app = await World.StartAsync("start");
        var clock = Stopwatch.StartNew();
        var instance = await app.StartInstanceAsync();
        await Eventually.BeAsync("the new instance answers", async () => (int)(await app.SendAsync("GET", "api/health", instance: instance.Address)).Status == 200);
        Console.WriteLine($"Start of the local host to the first 200: {clock.Elapsed.TotalSeconds:0.00} s");

        Assert.Single(instance.Workers());
        Assert.Equal(0, await instance.StopAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Each_scale_group_has_a_worker_of_its_own()
    {
        var app = await World.WorkerPerScaleGroupAsync();
        var metadata = await File.ReadAllTextAsync(Path.Combine(AppProcess.Worker, "functions.metadata"), TestContext.Current.CancellationToken);
        var timers = metadata.Split("\"timerTrigger\"").Length - 1;

        // HTTP together, the blob trigger, and each timer alone.
        await app.Instances[0].WaitForLinesAsync("is ready", 2 + timers, TestContext.Current.CancellationToken);
        Assert.Equal(2 + timers, app.Instances[0].Workers().Distinct().Count());
    }

    [Fact]
    public async Task A_wrong_setting_ends_the_start_with_a_sentence_that_names_it()
    {
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => World.StartAsync("wrong-setting", new() { ["Springest__Quota__Limit"] = "many" }));

        Assert.Contains("'many' at 'Springest:Quota:Limit'", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_production_a_wrong_setting_is_named_by_the_health_and_nothing_is_done()
    {
        await using var app = await World.StartAsync(
            "wrong-in-production", new() { ["Springest__Quota__Limit"] = "many", ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production" }, waits: false);

        var health = await app.SendAsync("GET", "api/health");
        var webhook = await app.PostWebhookAsync(Webhook.Update(Mirror.Publish(app)));

        Assert.Equal(503, (int)health.Status);
        Assert.Contains("Springest__Quota__Limit", health.Body, StringComparison.Ordinal);
        Assert.InRange((int)webhook.Status, 500, 503);
        Assert.Empty(app.Simulator.Requests.Snapshot());
        Assert.Equal(0, await app.Instances[0].StopAsync(TestContext.Current.CancellationToken));
    }
}
