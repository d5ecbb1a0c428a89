using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Access;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Storage;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;
using Springest.Simulator;
using Springest.Testing;
using Springest.Testing.Memory;

namespace Springest.Functions.Tests.WebConsole;

/// <summary>The page of an office that has sent certificates for years. ROWS says how many; the times are printed.</summary>
public sealed class LongLedgerTests(AzuriteFixture azurite)
{
    // A tenth of them deliveries.
    private static readonly int Rows = Variable.Number("ROWS", 2000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_long_the_ledger_is_a_view_shows_its_first_page_and_right_numbers()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { ApiKey = TestApp.ApiKey }, Cancellation);
        await using var app = await StartAsync(simulator);
        await FillAsync(app);
        await app.FireAsync("Measure", Cancellation);
        await using var page = await ConsolePage.OpenAsync(app.Address);

        await page.Page.ReloadAsync();
        await page.SeesAsync("Nothing needs you.");
        var paint = await page.Page.EvaluateExpressionAsync<double>(
            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1");
        var usable = await page.Page.EvaluateExpressionAsync<double>("performance.now()");
        var said = $"{Rows} rows: first paint {paint:0} ms, usable {usable:0} ms";
        foreach (var view in (string[])["certificates", "webhooks", "mirror", "quota"])
        {
            var began = await page.Page.EvaluateExpressionAsync<double>("performance.now()");
            await page.GoAsync(view);
            said += $", {view} {await page.Page.EvaluateExpressionAsync<double>("performance.now()") - began:0} ms";
        }

        TestContext.Current.TestOutputHelper!.WriteLine(said);
        await page.GoAsync("certificates");
        await page.SeesAsync($"({Rows:N0})".Replace('.', ','));
        var shown = await page.Page.EvaluateExpressionAsync<int>("document.querySelectorAll('tbody tr').length");
        Assert.InRange(shown, 20, 200);
        await page.Page.TypeAsync("#wanted", $"p{Rows / 2}@example.test");
        await page.PressAsync("Search");
        await page.SeesAsync("Found: 1");
    }

    private async Task<InProcessApp> StartAsync(SimulatorServer simulator)
    {
        var settings = new Dictionary<string, string?>
        {
            // Of queues there are none in memory.
            ["AzureWebJobsStorage"] = azurite.Azurite.ConnectionString,
            ["Springest:Storage:Prefix"] = $"t{Guid.NewGuid():N}"[..12],
            ["Springest:Access:Keys"] = AccessKey.Format([AccessKey.Of("olga", AccessRole.Operator, TestApp.OperatorKey)]),
            ["Springest:Sites:nl:Host"] = simulator.Address.ToString(),
            ["Springest:Sites:nl:ApiKey"] = TestApp.ApiKey,
        };
        var app = await InProcessApp.StartAsync(
            new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), TestApp.FunctionKey, memory: new MemoryStorage());
        await app.FireAsync("SweepCertificates", Cancellation);
        return app;
    }

    private static async Task FillAsync(InProcessApp app)
    {
        var (ledger, now) = (app.Services.GetRequiredService<CertificateLedger>(), TimeProvider.System.GetUtcNow());
        var key = await app.Services.GetRequiredService<LedgerKeys>().GetAsync(Cancellation);
        for (var i = 1; i <= Rows; i++)
        {
            Assert.True(await ledger.TryWriteAsync(
                new SubmissionEntity
                {
                    PartitionKey = "nl",
                    RowKey = $"{i:x32}",
                    Blob = $"nl/{i}.pdf",
                    State = SubmissionState.Accepted,
                    Updated = now.AddMinutes(-i),
                    Received = now.AddMinutes(-i),
                    CertificateId = i,
                    VerifiedAt = now,
                    CertificationId = 3101,
                    Email = $"p{i}@example.test",
                    Person = key.Person($"p{i}@example.test"),
                    ValidFrom = "2026-01-01",
                },
                Cancellation));
        }

        await ledger.FlushAsync(Cancellation);
        var deliveries = app.Services.GetRequiredService<AppStorage>().Table(WebhookStorage.Deliveries);
        for (var i = 0; i < Rows / 10; i++)
        {
            var delivery = DeliveryEntity.Create("nl", WebhookFeed.Trainings, now.AddSeconds(-i));
            (delivery.Accepted, delivery.Objects) = (1, 1);
            await deliveries.AddEntityAsync(delivery, Cancellation);
        }
    }
}
