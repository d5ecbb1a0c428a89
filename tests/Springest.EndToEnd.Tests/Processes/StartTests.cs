using Springest.EndToEnd.Tests.Surroundings;
using Springest.Testing;
using Springest.Testing.Telemetry;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>How an instance comes to life, and of how many processes.</summary>
public sealed class StartTests(World world) : ProcessTests(world)
{
    [Fact]
    public async Task Each_scale_group_has_a_worker_of_its_own()
    {
        var app = await World.WorkerPerScaleGroupAsync();
        var metadata = await File.ReadAllTextAsync(
            Path.Combine(AppProcess.Worker, "functions.metadata"),
            TestContext.Current.CancellationToken);
        var timers = metadata.Split("\"timerTrigger\"").Length - 1;

        // HTTP together, the blob trigger, and each timer alone.
        await app.Instances[0].WaitForLinesAsync("is ready", 2 + timers, TestContext.Current.CancellationToken);
        Assert.Equal(2 + timers, app.Instances[0].Workers().Distinct().Count());
    }

    [Fact]
    public async Task In_Azure_an_app_with_a_wrong_setting_refuses_everything_and_says_which_setting_it_is()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await using var app = await World.StartAsync(
            "refusal",
            Brisk(
            [
                .. TelemetryTests.Exported(receiver), ("Springest__Sites__nl__Language", "canary"),
                ("AZURE_FUNCTIONS_ENVIRONMENT", "Production"),
            ]),
            waits: false);
        await app.Drop.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        // Timers fire every other second, and this one's file would be refused at once.
        var blob = await app.DropAsync("no-certificate.txt", [1]);
        var sweeps = app.Instances[0].Runs("SweepCertificates");
        var (health, console) = (await app.SendAsync("GET", "api/health"), await app.SendAsync("GET", "api/console"));
        var others = await Task.WhenAll(
            app.GetAsync("api/status"), app.GetAsync("api/catalogue/nl/trainings"), app.PostWebhookAsync(Webhook.Update(1)),
            app.SendAsync("POST", "api/manage/catalogue/nl/trainings/start", app.Keys.Operator));

        Assert.All([health, console, .. others], answer =>
        {
            Assert.Equal(503, (int)answer.Status);
            Assert.Contains("Springest__Sites__nl__Language", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("canary", answer.Body, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        });
        Assert.StartsWith("text/plain", console.Header("Content-Type"), StringComparison.Ordinal);
        Assert.All(
            [health, .. others],
            answer => Assert.StartsWith("application/problem+json", answer.Header("Content-Type"), StringComparison.Ordinal));
        // When a sweep begins, the one before has ended, which began when the file was there.
        await Eventually.BeAsync(
            "timers have fired",
            () => app.Instances[0].Runs("ApplyWebhooks") > 1 && app.Instances[0].Runs("SweepCertificates") > sweeps + 1);
        await app.AllEventsAreDealtWithAsync();
        await app.FireAsync("Measure");
        await app.Instances[0].WaitForLinesAsync(
            "Executed 'Functions.Measure'",
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await app.Drop.GetBlobClient(blob).ExistsAsync(TestContext.Current.CancellationToken));
        var said = app.Instances[0].Said();
        Assert.Single(said.Split('\n'), line => line.Contains("Springest__Sites__nl__Language is 'canary'", StringComparison.Ordinal));
        Assert.DoesNotContain("(Failed", said, StringComparison.Ordinal);
        Assert.Single(app.Instances[0].Workers());
        Assert.Empty(app.Simulator.Requests.Snapshot());
        Assert.Equal(0, await app.Instances[0].StopAsync(TestContext.Current.CancellationToken));
        // It has told that it does nothing, and so is not silent.
        Assert.Equal("kind=app-not-configured, severity=1, open=1", TelemetryTests.Alert(receiver, "needs-a-person"));
        Assert.Equal("", TelemetryTests.Alert(receiver, "app-silent"));
    }

    [Fact]
    public async Task A_wrong_setting_ends_the_start_with_a_sentence_that_names_it()
    {
        var failed = await Assert.ThrowsAsync<StartException>(() =>
            World.StartAsync("wrong-setting", new() { ["Springest__Quota__Limit"] = "many" }, waits: false));

        Assert.Contains("Springest__Quota__Limit is 'many'; it must be a whole number.", failed.Message, StringComparison.Ordinal);
    }
}
