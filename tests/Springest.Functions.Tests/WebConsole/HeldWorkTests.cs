using Azure.Data.Tables;
using Springest.Functions.Access;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Quota;
using Springest.Functions.Tests.Webhooks;
using Springest.Simulator.Behaviours;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.WebConsole;

/// <summary>What is held, given up or blocked is found on the first view and decided there with a button and its confirmation.</summary>
public sealed class HeldWorkTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("mirror-held", "Discard the deletes: Trainings", "catalogue/nl/trainings/discard")]
    [InlineData("webhook-deletes-held", "Discard the deletes: Trainings", "webhooks/nl/held-deletes/trainings/discard")]
    [InlineData("dead-letter", "Discard: Training 1", "webhooks/nl/dead-letters/")]
    [InlineData("quota-blocked", "Lift the pause: general", "quota/nl/unblock")]
    public async Task It_is_decided_with_two_clicks_and_known_by_whom(string kind, string button, string command)
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite, settings: new() { ["Springest:Webhooks:MaxAttempts"] = "1" });
        await ProvokeAsync(app, kind);
        await app.FireAsync("Measure");
        await using var page = await ConsolePage.OpenAsync(app);
        await page.SeesAsync("Waiting for a person: 1");

        await page.DecideAsync(button);
        await app.FireAsync("CrawlTrainings");
        await page.PressAsync("Check now");
        await page.SeesAsync("Nothing needs you.");

        var commands = await app.Storage.Table(OperatorLog.Table).QueryAsync<TableEntity>(cancellationToken: Cancellation)
            .Select(row => string.Join(' ', row.Select(field => field.Value))).ToListAsync(Cancellation);
        Assert.Contains(
            commands,
            row => row.Contains(command, StringComparison.Ordinal) && row.Contains("olga", StringComparison.Ordinal));
    }

    private static async Task ProvokeAsync(TestApp app, string kind)
    {
        var (trainings, behaviour) = (app.Simulator.Catalogue.Trainings, app.Simulator.Behaviour);
        if (kind == "quota-blocked")
        {
            behaviour.Faults.Add(new Fault
            {
                Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "600" }, Times = 1,
            });
            await app.FireAsync("CrawlTrainings");
            await BlockedByServerTests.BlockedUntilAsync(app);
            return;
        }

        await app.FireAsync("CrawlTrainings");
        if (kind == "dead-letter")
        {
            behaviour.Faults.Add(new Fault { Status = 400, Path = "/trainings/1.", Times = 1 });
            await PostAsync(app, WebhookBodies.Update(1));
            return;
        }

        // Few enough that a look-up of one always finds another one that is there.
        var gone = trainings.Ids.Take(kind == "webhook-deletes-held" ? 6 : 20).ToList();
        foreach (var id in gone)
            trainings.Show(id, false);
        if (kind == "webhook-deletes-held")
        {
            await PostAsync(app, WebhookBodies.Changes([.. gone.Select(WebhookBodies.Destroy)]));
        }
        else
        {
            await app.ManageAsync("catalogue/nl/trainings/start");
            await app.FireAsync("CrawlTrainings");
        }

        foreach (var id in gone)
            trainings.Show(id, true);
    }

    private static Task<WebhookDriver.Answer> PostAsync(TestApp app, string body) => new WebhookDriver(app).PostAsync(body);
}
