using Springest.EndToEnd.Tests.Surroundings;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>
/// Tables that are away when the app starts, and twice more while it works: its process lives on, says so, and goes on by itself. The
/// environment variable OUTAGE says for how many seconds each time.
/// </summary>
public sealed class StorageAwayTests(World world) : ProcessTests(world)
{
    [Fact]
    public async Task An_app_starts_without_its_tables_and_gets_over_two_outages()
    {
        var outage = TimeSpan.FromSeconds(Variable.Number("OUTAGE", 3));
        await using var proxy = await StorageProxy.StartAsync(await World.AzuriteAsync(), TestContext.Current.CancellationToken);
        var isAway = true;
        // The host's own blobs stay: without them it has no lock, and runs no timers.
        proxy.Exchange = async (request, send) =>
            Volatile.Read(ref isAway) && request.Headers.ContainsKey("DataServiceVersion") ? null : await send();
        await using var app = await World.StartAsync("storage-away", Brisk(("AzureWebJobsStorage", proxy.ConnectionString)), waits: false);
        await HealthIsAsync(app, 503);
        Volatile.Write(ref isAway, false);
        await HealthIsAsync(app, 200);

        for (var times = 0; times < 2; times++)
        {
            Volatile.Write(ref isAway, true);
            await HealthIsAsync(app, 503);
            await Task.Delay(outage, TimeProvider.System, TestContext.Current.CancellationToken);
            Assert.Equal(503, (int)(await app.PostWebhookAsync(Webhook.Update(Mirror.Publish(app)))).Status);
            Volatile.Write(ref isAway, false);
            await HealthIsAsync(app, 200);

            var training = Mirror.Publish(app);
            await app.TellAsync(Webhook.Update(training));
            await Mirror.HasAsync(app, training);
        }

        await app.FilledAsync();
        Assert.False(app.Instances[0].HasExited);
        Assert.Single(app.Instances[0].Workers());
    }

    private static Task HealthIsAsync(App app, int status)
        => Eventually.BeAsync($"health answers {status}", async () => (int)(await app.SendAsync("GET", "api/health")).Status == status);
}
