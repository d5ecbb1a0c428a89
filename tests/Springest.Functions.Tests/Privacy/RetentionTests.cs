using System.Net;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Access;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Privacy;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Webhooks;
using Springest.Functions.Webhooks;
using Springest.Functions.Webhooks.Inbox;
using Springest.Testing;
using Springest.Testing.Catalogue;
using Springest.Testing.Certificates;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Privacy;

/// <summary>What is older than it is kept goes, and nothing else.</summary>
public sealed class RetentionTests(AzuriteFixture azurite)
{
    private readonly ShiftedClock _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_ledger_keeps_stubs_of_what_is_over_and_all_of_what_is_open()
    {
        await using var desk = await OpenAsync(new() { ["Springest:Certificates:KeepFor"] = "100.00:00:00" });
        await desk.DropAsync("old.pdf", metadata: CertificateDesk.Fields(email: "old.canary@example.test", booking: "4711"));
        await desk.DropAsync("open.pdf", "no pdf"u8.ToArray(), CertificateDesk.Fields(email: "open.canary@example.test"));
        await desk.SweepAsync();
        _clock.Shift = TimeSpan.FromDays(101);
        await desk.DropAsync("new.pdf", metadata: CertificateDesk.Fields(email: "new.canary@example.test"));
        await desk.SweepAsync();

        await desk.App.FireAsync("RemoveOldData");

        var rows = await desk.Ledger.ListAsync(SubmissionState.Accepted, "nl", Cancellation).OfType<SubmissionEntity>()
            .ToDictionaryAsync(row => row.Blob, cancellationToken: Cancellation);
        Assert.Equal(["", "nl/new.pdf"], rows.Keys.Order());
        var stub = rows[""];
        Assert.Equal((null, null, null, null), (stub.Email, stub.BookingId, stub.Report, stub.Message));
        Assert.Equal("2026-01-15", stub.ValidFrom);
        Assert.NotNull(stub.CertificateId);
        Assert.NotNull(stub.Booking);
        Assert.Empty(await desk.Ledger.ListEventsAsync(stub, Cancellation).ToListAsync(Cancellation));
        Assert.Single(await desk.Ledger.ListAsync(SubmissionState.Rejected, "nl", Cancellation).ToListAsync(Cancellation));

        // Of the files nothing is taken; and what was sent is known.
        var search = new StorageSearch(desk.App);
        Assert.Equal(
            ["nl/new.pdf", "nl/new.pdf.receipt.json", "nl/old.pdf", "nl/old.pdf.receipt.json"],
            await CertificateDesk.NamesAsync(desk.Accepted));
        Assert.Equal(
            [$"{desk.Accepted.Name} nl/old.pdf", $"{desk.Accepted.Name} nl/old.pdf.receipt.json"],
            await search.FindAsync("old.canary@example.test"));
        Assert.NotEmpty(await search.FindAsync("open.canary@example.test"));
        var posts = desk.Posts.Count;
        await desk.DropAsync("again.pdf", metadata: CertificateDesk.Fields(email: "old.canary@example.test"));
        await desk.SweepAsync();
        Assert.Equal("duplicate", (await desk.RejectionAsync("again.pdf"))?.State);
        Assert.Equal(posts, desk.Posts.Count);
    }

    /// <summary>ROWS says how many; SECONDS, how long a portion takes.</summary>
    [Fact]
    public async Task A_long_ledger_is_done_in_portions_and_nothing_open_is_touched()
    {
        var (rows, portion) = (Variable.Number("ROWS", 2_000), TimeSpan.FromSeconds(Variable.Number("SECONDS", 1)));
        await using var world = await CertificateWorld.CreateAsync(
            1, instances: 0, new() { ["Springest:Certificates:KeepFor"] = "100.00:00:00" });
        var then = world.Clock.GetUtcNow().AddDays(-200);
        for (var i = 0; i < rows; i++)
        {
            var isOpen = i % 10 == 0;
            Assert.True(await world.Ledger.TryWriteAsync(
                new SubmissionEntity
                {
                    PartitionKey = "nl",
                    RowKey = $"{i:x32}",
                    Blob = $"nl/{i}.canary.pdf",
                    State = isOpen ? SubmissionState.OutcomeUnknown : SubmissionState.Accepted,
                    Updated = then,
                    Received = then,
                    CertificateId = isOpen ? null : i,
                    VerifiedAt = then,
                    CertificationId = 3101,
                    Email = $"canary{i}@example.test",
                    ValidFrom = "2025-01-01",
                },
                Cancellation));
        }

        var (runs, left) = (0, rows);
        for (; left > rows / 10 && runs < rows; runs++)
        {
            using var budget = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            budget.CancelAfter(portion);
            try
            {
                await world.Office.Get<RetentionRun>().RunAsync(budget.Token);
            }
            catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
            {
                // The next goes on.
            }

            var still = await world.Ledger.ReadAllAsync("nl", Cancellation).OfType<SubmissionEntity>()
                .CountAsync(row => row.Email is not null, Cancellation);
            Assert.InRange(still, rows / 10, left);
            left = still;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{rows} rows in {runs} runs of {portion}");
        Assert.Equal(rows / 10, left);
        var open = await world.Ledger.ListAsync(SubmissionState.OutcomeUnknown, "nl", Cancellation).ToListAsync(Cancellation);
        Assert.Equal(rows / 10, open.Count);
        Assert.All(open, row => Assert.EndsWith(".canary.pdf", row.Blob, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deliveries_conversions_and_notes_about_lists_go_once_a_day_when_they_are_old()
    {
        await using var desk = await OpenAsync(
            new()
            {
                ["Springest:Certificates:KeepFor"] = "100.00:00:00",
                ["Springest:Webhooks:KeepFor"] = "30.00:00:00",
                ["Springest:Webhooks:KeepConversionsFor"] = "200.00:00:00",
            });
        await desk.App.FireAsync("RemoveOldData");
        var now = _clock.GetUtcNow();
        foreach (var age in (int[])[28, 32, 198, 201])
        {
            var delivery = DeliveryEntity.Create("nl", WebhookFeed(), now.AddDays(-age));
            (delivery.Bytes, delivery.Ignored) = (DeliveryEntity.MostBytesInRow + 1, 1);
            await desk.App.Storage.Container(WebhookStorage.Bodies).UploadBlobAsync(delivery.Blob, new BinaryData($"{age}"), Cancellation);
            await desk.App.Storage.Table(WebhookStorage.Deliveries).AddEntityAsync(delivery, Cancellation);
            await desk.App.Storage.Table(WebhookStorage.Deliveries).AddEntityAsync(delivery.NotUnderstood(), Cancellation);
            await desk.App.Storage.Table(WebhookStorage.Conversions).AddEntityAsync(
                new TableEntity("nl", $"{age:D19}") { ["FetchedAt"] = now.AddDays(-age), ["Json"] = "{}" }, Cancellation);
            await desk.App.Storage.Table(CertificateStorage.Manifests).AddEntityAsync(
                new TableEntity("nl-x", $"{age}") { ["At"] = now.AddDays(-age), ["State"] = "Accepted" }, Cancellation);
        }

        // Its delivery could not be stored.
        await desk.App.Storage.Container(WebhookStorage.Bodies).UploadBlobAsync(
            $"{DeliveryEntity.BlobsOf("nl", now.AddDays(-32))}orphan.json", new BinaryData("orphan"), Cancellation);
        var webhooks = new WebhookDriver(desk.App);
        await desk.App.FireAsync("RemoveOldData");
        Assert.Equal(8, (await webhooks.DeliveriesAsync()).Count);
        _clock.Shift = TimeSpan.FromHours(24);
        await desk.App.FireAsync("RemoveOldData");

        Assert.Equal(2, (await webhooks.DeliveriesAsync()).Count);
        Assert.Equal(["28"], await webhooks.BodiesAsync());
        Assert.Equal([28, 32, 198], (await webhooks.RowsAsync(WebhookStorage.Conversions)).Select(row => int.Parse(row.RowKey)));
        Assert.Equal(["28", "32"], (await webhooks.RowsAsync(CertificateStorage.Manifests)).Select(row => row.RowKey).Order());
    }

    [Fact]
    public async Task Deliveries_of_a_site_that_is_no_longer_set_go_too()
    {
        void Shifted(IServiceCollection services) => services.AddSingleton<TimeProvider>(_clock);
        await using var app = await TestApp.StartAsync(azurite.Azurite, services: Shifted);
        var webhooks = new WebhookDriver(app);
        await using (var before = await app.AnotherInstanceAsync(
            new()
            {
                ["Springest:Sites:be:Host"] = $"{app.Simulator.Address}",
                ["Springest:Sites:be:ApiKey"] = "canary-key-be",
                ["Springest:Webhooks:InlineBudget"] = "00:00:00",
            },
            Shifted))
        {
            // A small one, a large one, and one that is not understood.
            var update = WebhookBodies.Changes(WebhookBodies.Update(7));
            var unknown = update.Replace("update", "refresh", StringComparison.Ordinal);
            foreach (var body in (string[])[update, update.PadRight(DeliveryEntity.MostBytesInRow + 1), unknown])
                Assert.Equal(HttpStatusCode.OK, (await new WebhookDriver(before).PostToAsync("webhooks/be/trainings", body)).Status);
        }

        Assert.Equal((4, 3), ((await webhooks.DeliveriesAsync()).Count, (await webhooks.BodiesAsync()).Count));
        _clock.Shift = TimeSpan.FromDays(15);
        await app.FireAsync("RemoveOldData");

        Assert.Empty(await webhooks.DeliveriesAsync());
        Assert.Empty(await webhooks.BodiesAsync());
    }

    [Fact]
    public async Task Commands_are_noted_for_two_years_to_the_day()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite, services: services => services.AddSingleton<TimeProvider>(_clock));
        var now = _clock.GetUtcNow();
        var month = new DateTimeOffset(now.Year, now.Month, 1, 12, 0, 0, TimeSpan.Zero).AddMonths(1);
        foreach (var day in (int[])[1, 14, 28])
        {
            _clock.Shift = month.AddDays(day - 1) - now;
            Assert.Equal(HttpStatusCode.NoContent, await app.ManageAsync("certificates/nl/stop"));
        }

        _clock.Shift = month.AddDays(14 + 730) - now;
        await app.FireAsync("RemoveOldData");

        var left = await app.Storage.Table(OperatorLog.Table).QueryAsync<TableEntity>(cancellationToken: Cancellation)
            .Select(row => row.GetDateTimeOffset("At")!.Value.Day).ToListAsync(Cancellation);
        Assert.Equal([28], left);
    }

    private static Functions.Webhooks.Parsing.WebhookFeed WebhookFeed() => Functions.Webhooks.Parsing.WebhookFeed.Trainings;

    private Task<CertificateDesk> OpenAsync(Dictionary<string, string?> settings)
        => CertificateDesk.OpenAsync(azurite, settings, services: services => services.AddSingleton<TimeProvider>(_clock));
}
