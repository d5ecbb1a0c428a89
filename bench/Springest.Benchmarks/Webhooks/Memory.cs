using System.Net;
using Azure.Data.Tables;
using Springest.Functions.Webhooks;
using Springest.Simulator;
using Springest.Testing;
using Springest.Testing.Catalogue;
using Springest.Testing.Webhooks;

namespace Springest.Benchmarks.Webhooks;

/// <summary>What the largest bodies cost the app, as a process of its own, in memory beyond what small ones take.</summary>
internal static class Memory
{
    private const int Changes = 10_000;
    private const int MaxBytes = 1024 * 1024;
    private const int AtOnce = 50;

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Trainings = 10, Subjects = 1, Certifications = 1, ApiKey = "simulator-key" }, cancellationToken);
        var (large, what) = (Body(), $"a body of 1 MiB with {Changes:N0} changes");

        await using (var app = await StartAsync("memory", "0 0 0 1 1 *"))
        {
            var small = await WarmUpAsync(app);
            await app.DeliverWebhookAsync(large, cancellationToken);
            report.AtMost(64, $"{what}: memory beyond that of small ones", (app.PeakMemory - small) / 1e6, "MB");
        }

        await using (var app = await StartAsync("crowd", "0 0 0 1 1 *"))
        {
            var small = await WarmUpAsync(app);
            var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => app.PostWebhookAsync(large, cancellationToken)));
            var (taken, sentAway) = (
                answers.Count(status => status is HttpStatusCode.OK),
                answers.Count(status => status is HttpStatusCode.ServiceUnavailable));
            report.AtMost(256, $"{AtOnce} of them at once: memory beyond that of small ones", (app.PeakMemory - small) / 1e6, "MB");
            report.Add($"{AtOnce} of them at once: taken", taken, "webhooks");
            report.Add($"{AtOnce} of them at once: asked to come again (503)", sentAway, "webhooks");
            report.AtMost(0, $"{AtOnce} of them at once: answered otherwise", AtOnce - taken - sentAway, "webhooks");
        }

        await using (var app = await StartAsync("inbox", "* * * * * *"))
        {
            var small = await WarmUpAsync(app);
            await app.DeliverWebhookAsync(large, cancellationToken);
            await InboxAsync("inbox", 5_000);
            report.AtMost(
                64,
                $"{what}: memory beyond that of small ones while they are put in the inbox",
                (app.PeakMemory - small) / 1e6,
                "MB");
        }

        Task<AppProcess> StartAsync(string prefix, string schedule)
            => MirrorProcess.StartAsync(
                azurite.ConnectionString, prefix, simulator,
                new() { ["Springest__Webhooks__Schedule"] = schedule, ["Springest__Mirror__Trainings__Schedule"] = "0 0 0 1 1 *" },
                cancellationToken);

        async Task<long> WarmUpAsync(AppProcess app)
        {
            foreach (var _ in Enumerable.Range(0, 10))
                await Task.WhenAll(
                    Enumerable.Range(0, 50).Select(
                        _ => app.DeliverWebhookAsync(WebhookApp.Update(simulator.Catalogue.Trainings.Ids), cancellationToken)));
            return app.PeakMemory;
        }

        // Not all of them: storage that looks through a partition for each row, as Azurite does, would take many minutes.
        async Task InboxAsync(string prefix, long id)
        {
            var inbox = MirrorProcess.Storage(azurite.ConnectionString, prefix).Table(WebhookStorage.Inbox);
            while (
                !(
                    await inbox.GetEntityIfExistsAsync<TableEntity>("nl", $"Training-{id:D19}", cancellationToken: cancellationToken)
                ).HasValue)
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        }
    }

    private static byte[] Body()
    {
        var json = WebhookApp.Update(Enumerable.Range(1, Changes).Select(id => (long)id));
        var body = new byte[MaxBytes];
        Array.Fill(body, (byte)' ');
        json.CopyTo(body, 0);
        return body;
    }
}
