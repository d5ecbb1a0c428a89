using System.Text.Json.Nodes;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Simulator.Behaviours;
using Springest.Testing.Telemetry;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>What waits for a person, from the worker by its telemetry to the alert. Metrics are exported once a minute.</summary>
[Trait("Part", "Telemetry")]
public sealed class TodoTests(World world) : ProcessTests(world)
{
    [Fact]
    public async Task What_waits_for_a_person_is_found_by_the_alert_until_the_commands_of_the_runbook_end_it()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await using var app = await World.StartAsync(
            "telemetry-todo", Brisk([.. TelemetryTests.Exported(receiver), ("Springest__Webhooks__MaxAttempts", "1")]));
        await app.FilledAsync();
        var training = Mirror.Publish(app);
        app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400, Path = $"/trainings/{training}." });
        await app.TellAsync(Webhook.Update(training));
        await app.TellAsync("""{"changes":[{"action":"refresh","object":"training","id":7}]}"""u8.ToArray());
        await OrderAsync(app, "certificates/nl/stop");

        var letter = await KeyAsync(app, "dead-letter");
        var delivery = await KeyAsync(app, "webhook-not-understood");
        await app.FireAsync("Measure");
        await Eventually.BeAsync("the alert finds both", () => Found()
            == "kind=dead-letter, severity=3, open=1\nkind=webhook-not-understood, severity=2, open=1");
        Assert.Contains("sending-stopped: 1", TelemetryTests.Alert(receiver, "daily-summary"), StringComparison.Ordinal);

        await OrderAsync(app, $"webhooks/nl/dead-letters/{letter}/discard");
        await OrderAsync(app, $"webhooks/nl/deliveries/{delivery}/discard");
        await OrderAsync(app, "certificates/nl/start");
        var instance = app.Instances[0];
        var begun = instance.Runs("Measure");
        await app.FireAsync("Measure");
        await instance.WaitForLinesAsync("Executed 'Functions.Measure'", begun + 1, TestContext.Current.CancellationToken);
        // At its end it exports what it has measured since.
        await instance.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", Found());
        Assert.Equal("", TelemetryTests.Alert(receiver, "daily-summary"));

        string Found() => string.Join('\n', TelemetryTests.Alert(receiver, "needs-a-person").Split('\n').Order());
    }

    private static async Task OrderAsync(App app, string command)
        => Assert.InRange((int)(await app.SendAsync("POST", $"api/manage/{command}", app.Keys.Operator)).Status, 200, 204);

    /// <summary>Waits for what a person has to do, and gives its key.</summary>
    private static Task<string> KeyAsync(App app, string kind)
        => Eventually.SeeAsync($"{kind} waits", async () =>
        {
            var todo = JsonNode.Parse((await app.GetAsync("api/todo?now=true")).Body)!;
            return todo["attention"]!.AsArray().FirstOrDefault(item => item!["kind"]!.GetValue<string>() == kind)?["key"]!
                .GetValue<string>();
        });
}
