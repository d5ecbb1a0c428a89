using System.Net;
using System.Text;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Springest.Client;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Quota;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

public sealed class OnceOnlyTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repeat_is_set_aside_with_a_pointer_to_the_first()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var pdf = CertificateDesk.Pdf("Jo");
        await desk.DropAsync("jo.pdf", pdf);
        await desk.SweepAsync();

        await desk.DropAsync("jo.pdf", pdf);
        await desk.DropAsync("again.pdf", pdf, CertificateDesk.Fields(email: CertificateDesk.EmailOf("jo.pdf").ToUpperInvariant()));
        await desk.SweepAsync();

        var posted = Assert.Single(desk.AtSpringest);
        foreach (var name in (string[])["jo.pdf", "again.pdf"])
        {
            var rejection = await desk.RejectionAsync(name);
            Assert.Equal(("duplicate", Reason.Duplicate, posted.Id), (rejection!.State, rejection.Code, rejection.CertificateId));
            var first = await desk.Ledger.FindAsync("nl", rejection.DuplicateOf!, Cancellation);
            Assert.Equal(("nl/jo.pdf", SubmissionState.Accepted), (first!.Blob, first.State));
        }

        Assert.Equal(2, (await desk.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Duplicate)]);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    /// <summary>A company may have one mailbox for all its people, and so many certificates of one person and certification.</summary>
    [Fact]
    public async Task A_person_may_have_hundreds_of_certificates()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        var (guard, key) = (world.Office.Get<DuplicateGuard>(), await world.Office.Get<LedgerKeys>().GetAsync(Cancellation));
        for (var i = 0; i < 300; i++)
        {
            var row = new SubmissionEntity
            {
                PartitionKey = "nl", RowKey = $"{i:x32}", State = SubmissionState.Accepted, CertificateId = 1000 + i, Blob = $"nl/{i}.pdf",
            };
            var (from, until) = (new DateOnly(2026, 1, 15), new DateOnly(2029, 1, 15));
            new CertificateFields(3101, "office@example.test", from, until, 1000 + i).PutInto(row, key);
            await world.Ledger.TryWriteAsync(row, Cancellation);
            Assert.Equal(DuplicateGuard.Place.Named, (await guard.ClaimPlaceAsync(row, Cancellation)).Place);
        }

        foreach (var booking in (int[])[1000, 1299, 1300])
            await world.DropAsync(
                $"nl/3101_office@example.test_2026-01-15_2029-01-15_{booking}.pdf", SamplePdf.Create($"{booking}"), []);
        await world.Instances[0].SweepAsync();

        Assert.Equal("1300", Assert.Single(world.Springest.Certificates).Fields["booking_id"]);
        Assert.Equal(2, (await world.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Duplicate)]);
    }

    [Fact]
    public void A_row_of_the_guard_holds_3000_certificates_and_says_when_it_is_full()
    {
        var guard = new TableEntity("nl", new string('0', 52));
        var entry = new GuardEntry(new string('0', 32), "2026-01-15", "2029-01-15", new string('0', 32));

        GuardEntity.Write(guard, Enumerable.Repeat(entry, 3000));
        Assert.Equal(3000, GuardEntity.Read(guard).Count);
        Assert.InRange(guard.Sum(column => 2 * (column.Key.Length + ((column.Value as string)?.Length ?? 8))), 0, 1024 * 1024);
        GuardEntity.Write(guard, [entry]);
        Assert.Equal(entry, Assert.Single(GuardEntity.Read(guard)));
        Assert.Throws<GuardFullException>(() => GuardEntity.Write(guard, Enumerable.Repeat(entry, 4000)));
    }

    [Fact]
    public async Task A_certificate_that_a_person_says_has_arrived_is_not_sent_from_the_file_before_it()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        (world.Springest.IsVerified, world.Springest.LosesAnswers) = (false, true);
        await world.DropAsync("nl/3101_jo@example.test_2026-01-15.pdf", SamplePdf.Create("first"), []);
        await world.Instances[0].SweepAsync();
        world.Springest.LosesAnswers = false;
        await world.DropAsync("nl/3101_jo@example.test_2026-01-15_1.pdf", SamplePdf.Create("second"), []);
        await world.Instances[0].SweepAsync();
        world.Clock.Advance(TimeSpan.FromHours(25));
        await world.Instances[0].SweepAsync();
        var first = (await world.Ledger.ListAsync(SubmissionState.OutcomeUnknown, "nl", Cancellation).SingleAsync(Cancellation)).RowKey;
        var second = (await world.Ledger.ListAsync(SubmissionState.Held, "nl", Cancellation).SingleAsync(Cancellation)).RowKey;

        var decisions = world.Office.Get<CertificateDecisions>();
        Assert.Equal(DecisionOutcome.Done, await decisions.AcceptAsync("nl", second, 44001, null, Cancellation));
        Assert.Equal(DecisionOutcome.Done, await decisions.RetryAsync("nl", first, null, Cancellation));
        await world.Instances[0].SweepAsync();

        Assert.Equal(1, world.Springest.Posts);
        var duplicate = await world.Ledger.FindAsync("nl", first, Cancellation);
        Assert.Equal((SubmissionState.Duplicate, second, 44001), (duplicate!.State, duplicate.Other, duplicate.CertificateId));

        // A person may want it sent all the same.
        Assert.Equal(DecisionOutcome.Done, await decisions.LetThroughAsync("nl", first, null, Cancellation));
        await world.DropAsync("nl/3101_jo@example.test_2026-01-15.pdf", SamplePdf.Create("first"), []);
        await world.Instances[0].SweepAsync();
        Assert.Equal(2, world.Springest.Posts);
    }

    [Fact]
    public async Task A_duplicate_that_a_person_lets_through_is_submitted_also_if_it_has_to_wait()
    {
        const string again = "nl/3101_jo@example.test_2026-01-15_1.pdf";
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await world.DropAsync("nl/3101_jo@example.test_2026-01-15.pdf", SamplePdf.Create("first"), []);
        await world.DropAsync(again, SamplePdf.Create("second"), []);
        await world.Instances[0].SweepAsync();
        var duplicate = (await world.Ledger.ListAsync(SubmissionState.Duplicate, "nl", Cancellation).SingleAsync(Cancellation)).RowKey;
        Assert.Equal(
            DecisionOutcome.Done, await world.Office.Get<CertificateDecisions>().LetThroughAsync("nl", duplicate, null, Cancellation));
        await world.Office.Get<SendingGate>().StopAsync("nl", null, null, Cancellation);

        await world.DropAsync(again, SamplePdf.Create("second"), []);
        await world.Instances[0].SweepAsync();
        await world.Office.Get<SendingGate>().StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.Instances[0].SweepAsync();
        await world.DropAsync(again, SamplePdf.Create("third"), []);
        await world.Instances[0].SweepAsync();

        Assert.Equal(2, world.Springest.Posts);
        Assert.Empty(await CertificateWorld.BlobsAsync(world.Containers.Drop));
    }

    [Fact]
    public async Task A_receipt_names_the_earlier_certificate_also_after_a_refusal()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await world.DropAsync("nl/3101_jo@example.test_2025-01-15.pdf", SamplePdf.Create("2025"), []);
        await world.Instances[0].SweepAsync();
        world.Springest.Judge = _ => MemorySpringest.Text(HttpStatusCode.UnprocessableEntity, """{"errors":{"file":["is blank"]}}""");
        await world.DropAsync("nl/3101_jo@example.test_2026-01-15.pdf", SamplePdf.Create("2026"), []);
        await world.Instances[0].SweepAsync();
        world.Springest.Judge = null;

        const string corrected = "nl/3101_jo@example.test_2026-01-15_1.pdf";
        await world.DropAsync(corrected, SamplePdf.Create("2026, corrected"), []);
        await world.Instances[0].SweepAsync();

        var receipt = (await CertificateWorld.BlobsAsync(world.Containers.Accepted))[$"{corrected}.receipt.json"];
        Assert.Equal(44001, CertificateReport.FromJson(Encoding.UTF8.GetString(receipt)).EarlierCertificateId);
    }

    [Fact]
    public async Task A_file_is_the_same_whether_an_event_or_the_sweep_finds_it()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("jo.pdf");
        var drop = desk.App.Get<DropContainer>();

        var found = await drop.FindAsync("nl/jo.pdf", Cancellation);
        var listed = await drop.ListAsync(Cancellation).SingleAsync(Cancellation);

        Assert.Equal((found!.Id, found.ETag, found.Size), (listed.Id, listed.ETag, listed.Size));
    }

    [Fact]
    public async Task Many_instances_at_once_submit_it_once()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await using var second = await desk.App.AnotherInstanceAsync();
        await using var third = await desk.App.AnotherInstanceAsync();
        for (var i = 0; i < 8; i++)
            await desk.DropAsync($"{i}.pdf");

        await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ =>
            ((TestApp[])[desk.App, second, third]).Select(app => app.FireAsync("SweepCertificates"))));
        await desk.SweepAsync();

        Assert.Equal(8, desk.Posts.Count);
        Assert.Equal(8, desk.AtSpringest.Select(posted => posted.Sha256).Distinct().Count());
        Assert.Equal(
            [(("nl", SubmissionState.Accepted), 8)],
            (await desk.Ledger.CountAsync(Cancellation)).Select(count => (count.Key, count.Value)));
        Assert.Equal(16, (await CertificateDesk.NamesAsync(desk.Accepted)).Count);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    [Fact]
    public async Task Without_quota_it_waits_and_the_others_go_on()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(new Fault
        {
            Method = "POST", Status = 429, Times = 1, Headers = new Dictionary<string, string> { ["Retry-After"] = "1" },
        });

        for (var i = 0; i < 3; i++)
            await desk.DropAsync($"{i}.pdf");
        await desk.SweepAsync();
        var waiting = await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).ToListAsync(Cancellation);
        Assert.NotEmpty(waiting);
        Assert.All(waiting, row => Assert.Equal(Reason.WaitingForQuota, row.Code));
        await Eventually.BeAsync(async () =>
        {
            await desk.SweepAsync();
            return (await CertificateDesk.NamesAsync(desk.Drop)).Count == 0;
        });

        Assert.Equal(3, desk.AtSpringest.Count);
    }

    /// <summary>Also if the answer's body, which is plain text, is said to be gzip.</summary>
    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    public async Task What_Springest_could_not_take_is_tried_again(string encoding)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(new Fault
        {
            Method = "POST", Status = 401, Times = 1, Headers = new Dictionary<string, string> { ["Content-Encoding"] = encoding },
        });

        await desk.DropAsync("jo.pdf");
        await desk.SweepAsync();
        Assert.Equal(
            Reason.WaitingForSite,
            (await desk.Ledger.ListAsync(SubmissionState.Ready, "nl", Cancellation).SingleAsync(Cancellation)).Code);
        await desk.SweepAsync();
        Assert.Single(desk.Posts);
        await desk.StartAsync();
        await desk.SweepAsync();

        Assert.NotNull(await desk.ReceiptAsync("jo.pdf"));
        Assert.Single(desk.AtSpringest);
    }

    [Fact]
    public async Task A_permit_that_does_not_come_within_the_lease_leaves_no_doubt()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        // It would wait longer for a permit than its lease lasts.
        await using var hasty = await desk.App.AnotherInstanceAsync(
            new() { ["Springest:Certificates:LeaseDuration"] = "00:00:04", ["Springest:Quota:SubmissionPatience"] = "01:00:00" });
        desk.App.Simulator.Behaviour.Faults.Add(new Fault
        {
            Method = "POST", Status = 429, Times = 1, Headers = new Dictionary<string, string> { ["Retry-After"] = "1800" },
        });
        await desk.DropAsync("first.pdf");
        await desk.SweepAsync();
        await BlockedByServerTests.BlockedUntilAsync(desk.App, SpringestKey.Certifications);

        await desk.DropAsync("second.pdf");
        await hasty.FireAsync("SweepCertificates");

        var waiting = await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).ToListAsync(Cancellation);
        Assert.Equal([Reason.WaitingForQuota, Reason.WaitingForQuota], waiting.Select(row => row.Code));
        Assert.Single(desk.Posts);
    }

    /// <summary>A file that waited is fetched anew, and storage may fail then.</summary>
    [Fact]
    public async Task What_cannot_be_fetched_was_not_sent()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString });
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Method = "POST", Status = 401, Times = 1 });
        await desk.DropAsync("jo.pdf");
        await desk.SweepAsync();
        await desk.StartAsync();
        proxy.Exchange = async (request, send) => IsDownload(request) ? new HttpResponseMessage(HttpStatusCode.Forbidden) : await send();

        await Assert.ThrowsAnyAsync<Exception>(desk.SweepAsync);
        var waiting = await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation);
        Assert.Equal(Reason.WaitingForStorage, waiting.Code);
        Assert.Single(await desk.Ledger.CountAsync(Cancellation));
        Assert.Single(desk.Posts);

        proxy.Exchange = async (_, send) => await send();
        await desk.SweepAsync();
        Assert.NotNull(await desk.ReceiptAsync("jo.pdf"));
        Assert.Equal(2, desk.Posts.Count);
    }

    [Fact]
    public async Task A_file_that_only_waits_is_not_fetched()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString });
        var downloads = 0;
        proxy.Exchange = async (request, send) =>
        {
            downloads += IsDownload(request) ? 1 : 0;
            return await send();
        };
        desk.App.Simulator.Behaviour.Faults.Add(new Fault
        {
            Method = "POST", Status = 429, Times = 1, Headers = new Dictionary<string, string> { ["Retry-After"] = "900" },
        });
        await desk.DropAsync("jo.pdf");
        await desk.SweepAsync();
        var waiting = await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation);

        // Sweeps leave it alone until it is due; a person has it tried at once, and there is no permit.
        await desk.SweepAsync();
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.NoContent, await desk.ManageAsync($"certificates/nl/{waiting.RowKey}/retry"));

        Assert.Equal(
            Reason.WaitingForQuota,
            (await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation)).Code);
        Assert.Single(desk.Posts);
        Assert.Equal(1, downloads);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_replaced_or_removed_while_it_is_sent_has_its_receipt(bool isReplaced)
    {
        var (time, latency) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), TimeSpan.FromMinutes(1));
        var watched = new WatchedClock(time, latency);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite,
            new() { ["Springest:Sites:nl:AttemptTimeout"] = "00:10:00", ["Springest:Sites:nl:Deadline"] = "00:10:00" },
            simulatorClock: watched);
        await desk.DropAsync("jo.pdf", CertificateDesk.Pdf("first"));
        desk.App.Simulator.Behaviour.Latency = new Latency(latency, latency);
        var sweep = desk.SweepAsync();
        await watched.WaitBegunAsync();

        if (isReplaced)
            await desk.DropAsync("jo.pdf", CertificateDesk.Pdf("second"));
        else
            await desk.Drop.GetBlobClient("nl/jo.pdf").DeleteAsync(cancellationToken: Cancellation);
        desk.App.Simulator.Behaviour.Latency = Latency.None;
        time.Advance(latency);
        await sweep;
        await desk.SweepAsync();

        Assert.Single(desk.AtSpringest);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
        var receipts = new List<long>();
        foreach (
            var name in (await CertificateDesk.NamesAsync(desk.Accepted)).Where(name =>
                name.EndsWith(".receipt.json", StringComparison.Ordinal)))
            receipts.Add((await desk.ReceiptAsync(name["nl/".Length..^".receipt.json".Length]))!.CertificateId!.Value);
        Assert.Equal(desk.AtSpringest.Select(posted => posted.Id).Order(), receipts.Order());
    }

    [Fact]
    public async Task The_same_bytes_under_many_names_at_once_are_one_certificate()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await using var second = await desk.App.AnotherInstanceAsync();
        var pdf = CertificateDesk.Pdf("Jo");
        for (var i = 0; i < 8; i++)
            await desk.DropAsync($"{i}.pdf", pdf, CertificateDesk.Fields());

        await Task.WhenAll(desk.SweepAsync(), second.FireAsync("SweepCertificates"));
        await desk.SweepAsync();

        Assert.Single(desk.Posts);
        var counts = await desk.Ledger.CountAsync(Cancellation);
        Assert.Equal((1, 7), (counts[("nl", SubmissionState.Accepted)], counts[("nl", SubmissionState.Duplicate)]));
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    [Fact]
    public async Task A_wrong_key_keeps_files_waiting_and_is_shown_in_the_end()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Certificates:RetryFor"] = "00:00:00" });
        var refused = new Fault { Method = "POST", Status = 401 };
        desk.App.Simulator.Behaviour.Faults.Add(refused);

        await desk.DropAsync("jo.pdf");
        await desk.SweepAsync();

        var held = await desk.Ledger.ListAsync(SubmissionState.Held, "nl", Cancellation).SingleAsync(Cancellation);
        Assert.Equal(Reason.WaitingForSite, held.Code);
        Assert.True(await desk.IsInDropAsync("jo.pdf"));
    }

    private static bool IsDownload(HttpRequest request)
        => request.Method == "GET" && request.Path.Value!.EndsWith("/nl/jo.pdf", StringComparison.Ordinal) && request.Query.Count == 0;
}
