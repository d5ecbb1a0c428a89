using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Copies;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Storage;
using Springest.Testing;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>What a restored ledger knows, and what is sent after that.</summary>
public sealed class LedgerRestoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restored_ledger_knows_what_its_copy_and_receipts_know_and_leaves_the_rest_to_people()
    {
        await using var world = await CopiedAsync();
        var gate = world.Office.Get<SendingGate>();
        await gate.StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await DropAsync(world, 3);
        // It is open in the copy and done before the loss; another is newer than the copy, and only its receipt tells.
        await world.Instances[0].SweepAsync();
        Assert.Equal(3, world.Springest.Certificates.Count);
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        for (var times = 0; times < 2; times++)
            Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
        for (var i = 1; i <= 4; i++)
            await DropAsync(world, i);
        await world.Instances[0].SweepAsync();
        Assert.Equal(3, world.Springest.Certificates.Count);
        Assert.NotNull((await gate.ReadAsync("nl", Cancellation)).GapFrom);

        await gate.StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].SweepAsync();
        Assert.Equal(
            ["p1@example.test", "p2@example.test", "p3@example.test", "p4@example.test"],
            world.Springest.Certificates.Select(each => each.Fields["email"]).Order());
    }

    [Fact]
    public async Task Nothing_can_be_started_before_a_restore_that_was_cut_off_has_come_to_its_end()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        var (gate, restore) = (world.Office.Get<SendingGate>(), world.Office.Get<LedgerRestore>());
        for (var i = 1; i <= 2; i++)
            await DropAsync(world, i);
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        CutOff(world, 3);
        await Assert.ThrowsAsync<InvalidOperationException>(() => restore.RunAsync("nl", null, Cancellation));
        world.Office.Wire.Watch = null;
        Assert.False(await gate.StartAsync("nl", Cancellation));
        Assert.Contains("has yet to be restored", await GapAsync(world), StringComparison.Ordinal);

        Assert.Null(await restore.RunAsync("nl", null, Cancellation));
        Assert.Contains("was restored from a copy of", await GapAsync(world), StringComparison.Ordinal);
        Assert.True(await gate.StartAsync("nl", Cancellation));
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        for (var i = 1; i <= 2; i++)
            await DropAsync(world, i);
        await world.Instances[0].SweepAsync();
        Assert.Equal(2, world.Springest.Posts);
        Assert.Equal(2, (await world.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Duplicate)]);
    }

    [Fact]
    public async Task A_restore_that_was_cut_off_goes_on_where_it_was()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        var restore = world.Office.Get<LedgerRestore>();
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();
        await CopyAsync(world, 150, (stub, i) => stub with { Key = $"key{i}", Person = $"person{i}" });
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        CutOff(world, 120);
        await Assert.ThrowsAsync<InvalidOperationException>(() => restore.RunAsync("nl", null, Cancellation));
        var reads = 0;
        world.Office.Wire.Watch = request =>
        {
            if (request.Method == HttpMethod.Get
                && request.RequestUri!.AbsoluteUri.Contains("CertificateSubmissions(PartitionKey='nl'", StringComparison.Ordinal))
                Interlocked.Increment(ref reads);
        };

        Assert.Null(await restore.RunAsync("nl", null, Cancellation));

        // The other 50 lines, and the receipt.
        Assert.InRange(reads, 51, 60);
        Assert.Equal(151, await world.Ledger.ReadAllAsync("nl", Cancellation).CountAsync(Cancellation));

        // The command is sent again, as if its answer had been lost: nothing begins again.
        reads = 0;
        Assert.Null(await restore.RunAsync("nl", null, Cancellation));
        Assert.Equal(0, reads);
        Assert.True(await world.Office.Get<SendingGate>().StartAsync("nl", Cancellation));
    }

    /// <summary>More than the guard's row of a person holds: what finds no room there cannot be sent again either.</summary>
    [Fact]
    public async Task A_person_with_too_many_certificates_does_not_keep_a_ledger_from_being_restored()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();
        await CopyAsync(world, 4, (stub, i) => stub with { Key = $"key{i}", ValidFrom = $"2020-01-0{i + 1}" });
        var guards = world.Office.Get<AppStorage>().Table(CertificateStorage.Guards);
        var guard = await guards.QueryAsync<TableEntity>(row => row.PartitionKey == "nl", cancellationToken: Cancellation)
            .SingleAsync(Cancellation);
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        // So many that not one of the restored ones fits.
        var entry = new GuardEntry("k", "", null, null);
        GuardEntity.Write(guard, Enumerable.Repeat(entry, 509_999 / (JsonSerializer.Serialize(entry).Length + 1)));
        await guards.AddEntityAsync(guard, Cancellation);

        Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));

        Assert.Equal(5, await world.Ledger.ReadAllAsync("nl", Cancellation).CountAsync(Cancellation));
        Assert.True(await world.Office.Get<SendingGate>().StartAsync("nl", Cancellation));
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await DropAgainAsync(world, 1);
        await Assert.ThrowsAsync<InvalidOperationException>(world.Instances[0].SweepAsync);
        Assert.Equal(1, world.Springest.Posts);
    }

    /// <summary>Where ledger and guards are both lost, the copy of another site tells which key they were written with.</summary>
    [Fact]
    public async Task A_site_without_a_copy_is_restored_from_receipts_and_says_so()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();
        await world.Office.Get<LedgerExport>().BlobOf("nl").DeleteAsync(cancellationToken: Cancellation);
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
        var reason = await GapAsync(world);
        await world.Office.Get<SendingGate>().StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();

        Assert.StartsWith("There is no copy of this site's ledger", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("1970", reason, StringComparison.Ordinal);
        Assert.Equal(1, world.Springest.Posts);
    }

    [Fact]
    public async Task A_receipt_is_restored_however_the_folder_of_its_site_is_spelt()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await world.Instances[0].ExportAsync();
        await world.DropAsync(Name(1).Replace("nl/", "NL/", StringComparison.Ordinal), SamplePdf.Create("1"), []);
        var oldest = await world.Office.Get<CertificateBacklog>().ReadOldestAsync(new HashSet<string>(), Cancellation);
        await world.Instances[0].SweepAsync();
        Assert.Single(world.Springest.Certificates);
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
        await world.Office.Get<SendingGate>().StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();

        Assert.Single(world.Springest.Certificates);
        Assert.Equal(
            Name(1), (await world.Ledger.ListAsync(SubmissionState.Duplicate, "nl", Cancellation).SingleAsync(Cancellation)).Blob);
        Assert.Equal(["nl"], oldest.Where(each => each.Value.Put is not null).Select(each => each.Key));
    }

    [Fact]
    public async Task What_is_swept_while_the_ledger_is_restored_is_not_sent_again()
    {
        await using var world = await CopiedAsync();
        var gate = world.Office.Get<SendingGate>();
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await DropAgainAsync(world, 1);
        var sweeps = 0;
        world.Office.Wire.Watch = request =>
        {
            // The first row is about to be put back.
            if (request.RequestUri!.AbsolutePath.EndsWith("batch", StringComparison.Ordinal) && sweeps++ == 0)
                Sweep(world);
        };

        Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
        await gate.StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].SweepAsync();

        Assert.True(sweeps > 0);
        Assert.Equal(1, world.Springest.Posts);
        Assert.NotEmpty(await DoubtAsync(world));
        Assert.Equal(
            Again(1), (await world.Ledger.ListAsync(SubmissionState.Duplicate, "nl", Cancellation).SingleAsync(Cancellation)).Blob);
    }

    [Fact]
    public async Task What_was_taken_in_anew_before_the_loss_was_noticed_is_in_doubt_again()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        var gate = world.Office.Get<SendingGate>();
        await gate.StopAsync("nl", null, null, Cancellation);
        await DropAsync(world, 2);
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        world.Springest.Judge = _ => MemorySpringest.Text(HttpStatusCode.Unauthorized, """{"error":"Unauthorized"}""");
        await world.Instances[0].SweepAsync();
        world.Springest.Judge = null;
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
        await gate.StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].SweepAsync();

        Assert.Empty(world.Springest.Certificates);
        Assert.NotEmpty(await DoubtAsync(world));
    }

    [Fact]
    public async Task To_restore_the_ledger_of_one_site_stops_the_others_until_theirs_is_restored()
    {
        await using var world = await CertificateWorld.CreateAsync(
            seed: 1, instances: 1,
            new()
            {
                ["Springest:Sites:de:Host"] = "https://de.springest.test",
                ["Springest:Sites:de:ApiKey"] = "another-key",
                ["Springest:Sites:de:Retries"] = "0",
                ["Springest:Sites:de:BreakDuration"] = "00:00:00",
            });
        var (gate, restore) = (world.Office.Get<SendingGate>(), world.Office.Get<LedgerRestore>());
        await DropInBothAsync();
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();
        var copy = await CopyAsync();
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await DropInBothAsync();

        Assert.Null(await restore.RunAsync("nl", null, Cancellation));
        await gate.StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();
        Assert.Equal(2, world.Springest.Posts);
        Assert.Equal(copy, await CopyAsync());

        Assert.Null(await restore.RunAsync("de", null, Cancellation));
        await gate.StartAsync("de", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].SweepAsync();
        Assert.Equal(2, world.Springest.Posts);
        Assert.Empty(await CertificateWorld.BlobsAsync(world.Containers.Drop));

        async Task DropInBothAsync()
        {
            await DropAsync(world, 1);
            await world.DropAsync(
                Name(1).Replace("nl/", "de/", StringComparison.Ordinal), SamplePdf.Create($"de, {world.Clock.GetUtcNow()}"), []);
        }

        async Task<string> CopyAsync()
            => (await world.Office.Get<LedgerExport>().BlobOf("de").DownloadContentAsync(Cancellation)).Value.Content.ToString();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Guards_that_are_lost_alone_are_made_anew_from_copy_and_rows(bool hasCopy)
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        world.Springest.IsVerified = false;
        if (hasCopy)
            await world.Instances[0].ExportAsync();
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();
        world.Springest.LosesAnswers = true;
        await DropAsync(world, 2);
        await world.Instances[0].SweepAsync();
        world.Springest.LosesAnswers = false;
        await EmptyAsync(world, CertificateStorage.Guards);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await DropAgainAsync(world, 1);
        await DropAgainAsync(world, 2);

        Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
        await world.Office.Get<SendingGate>().StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].SweepAsync();

        Assert.Equal(2, world.Springest.Posts);
        Assert.Equal(
            [(Again(1), SubmissionState.Duplicate), (Again(2), SubmissionState.Waiting)],
            await world.Ledger.ListAsync(SubmissionState.Duplicate, "nl", Cancellation)
                .Concat(world.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation))
                .Select(row => (row.Blob, row.State)).ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_duplicate_that_was_let_through_is_sent_once_however_often_guards_or_all_are_restored(bool areGuardsAlone)
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await DropAsync(world, 1);
        await DropAgainAsync(world, 1);
        await world.Instances[0].SweepAsync();
        var duplicate = (await world.Ledger.ListAsync(SubmissionState.Duplicate, "nl", Cancellation).SingleAsync(Cancellation)).RowKey;
        Assert.Equal(
            DecisionOutcome.Done, await world.Office.Get<CertificateDecisions>().LetThroughAsync("nl", duplicate, null, Cancellation));

        for (var times = 0; times < 2; times++)
        {
            if (areGuardsAlone)
                await EmptyAsync(world, CertificateStorage.Guards);
            else
            {
                await world.Instances[0].ExportAsync();
                await EmptyAsync(world);
            }

            world.Clock.Advance(TimeSpan.FromMinutes(2));
            Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
            await world.Office.Get<SendingGate>().StartAsync("nl", Cancellation);
            world.Clock.Advance(TimeSpan.FromMinutes(2));
            await DropAgainAsync(world, 1);
            await world.Instances[0].SweepAsync();
            Assert.Equal(2, world.Springest.Posts);
        }
    }

    /// <summary>One that waited for the other in the copy has a place of its own after a restore.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task Of_two_restored_doubts_about_one_certificate_one_is_sent_again_at_most(bool hadArrived, int posts)
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        (world.Springest.IsVerified, world.Springest.LosesAnswers) = (false, true);
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();
        var first = await DoubtAsync(world);
        await DropAgainAsync(world, 1);
        await world.Instances[0].SweepAsync();
        var second = (await world.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation)).RowKey;
        world.Springest.LosesAnswers = false;
        await world.Instances[0].ExportAsync();
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
        await world.Office.Get<SendingGate>().StartAsync("nl", Cancellation);

        var decisions = world.Office.Get<CertificateDecisions>();
        var decided = hadArrived
            ? await decisions.AcceptAsync("nl", first, 44001, null, Cancellation)
            : await decisions.RetryAsync("nl", first, null, Cancellation);
        Assert.Equal(
            [DecisionOutcome.Done, DecisionOutcome.Done], [decided, await decisions.RetryAsync("nl", second, null, Cancellation)]);
        for (var sweeps = 0; sweeps < 2; sweeps++)
            await world.Instances[0].SweepAsync();

        Assert.Equal(posts, world.Springest.Posts);
        Assert.Equal(
            [(("nl", SubmissionState.Accepted), 1), (("nl", SubmissionState.Duplicate), 1)],
            (await world.Ledger.CountAsync(Cancellation)).Where(count => count.Value > 0).Select(count => (count.Key, count.Value))
                .OrderBy(count => count.Key.State));
    }

    [Fact]
    public async Task A_restored_certificate_that_is_still_in_the_drop_is_moved_with_a_receipt()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await DropAsync(world, 1);
        world.Instances[0].Wire.Watch = request =>
        {
            if (request.Method == HttpMethod.Delete && request.RequestUri!.AbsolutePath.EndsWith(".pdf", StringComparison.Ordinal))
                throw new HttpRequestException("The file cannot be removed.");
        };
        await Assert.ThrowsAsync<InvalidOperationException>(world.Instances[0].SweepAsync);
        world.Instances[0].Wire.Watch = null;
        var receipt = world.Containers.Accepted.GetBlobClient($"{Name(1)}.receipt.json");
        await receipt.DeleteAsync(cancellationToken: Cancellation);
        await world.Instances[0].ExportAsync();
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));

        await world.Instances[0].SweepAsync();

        Assert.Empty(await CertificateWorld.BlobsAsync(world.Containers.Drop));
        var written = CertificateReport.FromJson((await receipt.DownloadContentAsync(Cancellation)).Value.Content.ToString());
        Assert.Equal((Name(1), 44001), (written.File, written.CertificateId));
    }

    /// <summary>A stub does not say what its file is called, which may be in the drop all the same.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restored_doubt_is_sent_when_a_person_says_so_however_old_it_is(bool isStopped)
    {
        await using var world = await RestoreAsync();
        var gate = world.Office.Get<SendingGate>();
        if (!isStopped)
            await gate.StartAsync("nl", Cancellation);

        var decided = await world.Office.Get<CertificateDecisions>().RetryAsync("nl", await DoubtAsync(world), null, Cancellation);
        await world.Instances[0].SweepAsync();
        await gate.StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].SweepAsync();

        Assert.Equal(DecisionOutcome.Done, decided);
        Assert.Equal(1, world.Springest.Posts);
        Assert.Contains($"{Name(2)}.receipt.json", (await CertificateWorld.BlobsAsync(world.Containers.Accepted)).Keys);
    }

    [Fact]
    public async Task A_restored_doubt_without_its_file_is_withdrawn_in_the_end()
    {
        await using var world = await RestoreAsync();
        var key = await DoubtAsync(world);
        await world.Containers.Drop.GetBlobClient(Name(2)).DeleteAsync(cancellationToken: Cancellation);

        await world.Office.Get<CertificateDecisions>().RetryAsync("nl", key, null, Cancellation);
        await world.Instances[0].SweepAsync();

        Assert.Equal(SubmissionState.Withdrawn, (await world.Ledger.FindAsync("nl", key, Cancellation))!.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restored_doubt_that_is_accepted_has_a_receipt_if_its_file_is_there(bool isThere)
    {
        await using var world = await RestoreAsync();
        if (!isThere)
            await world.Containers.Drop.GetBlobClient(Name(2)).DeleteAsync(cancellationToken: Cancellation);

        var decided = await world.Office.Get<CertificateDecisions>().AcceptAsync(
            "nl", await DoubtAsync(world), 44001, null, Cancellation);
        await world.Instances[0].SweepAsync();

        Assert.Equal(DecisionOutcome.Done, decided);
        var accepted = await CertificateWorld.BlobsAsync(world.Containers.Accepted);
        Assert.Equal(isThere ? [Name(2), $"{Name(2)}.receipt.json"] : [], accepted.Keys);
        if (isThere)
            Assert.Equal(Name(2), CertificateReport.FromJson(Encoding.UTF8.GetString(accepted[$"{Name(2)}.receipt.json"])).File);
    }

    [Fact]
    public async Task A_restored_refusal_stays_open_and_is_copied_again()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        world.Springest.Judge = _ => MemorySpringest.Text(HttpStatusCode.UnprocessableEntity, """{"errors":{"file":["is blank"]}}""");
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();
        await EmptyAsync(world);
        Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
        world.Clock.Advance(TimeSpan.FromDays(2));

        await world.Instances[0].ExportAsync();

        Assert.True((await world.Ledger.ListAsync(SubmissionState.Rejected, "nl", Cancellation).SingleAsync(Cancellation)).Unhandled);
    }

    /// <summary>A ledger that was copied when the first certificate was accepted and the second waited, as sending was stopped.</summary>
    private static async Task<CertificateWorld> CopiedAsync()
    {
        var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();
        await world.Office.Get<SendingGate>().StopAsync("nl", null, null, Cancellation);
        await DropAsync(world, 2);
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();
        return world;
    }

    /// <summary>A ledger that was restored days after a file was checked, whose sending was stopped and is again.</summary>
    private static async Task<CertificateWorld> RestoreAsync()
    {
        var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await world.Office.Get<SendingGate>().StopAsync("nl", null, null, Cancellation);
        await DropAsync(world, 2);
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();
        await EmptyAsync(world);
        world.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
        return world;
    }

    private static async Task<string> DoubtAsync(CertificateWorld world)
        => (await world.Ledger.ListAsync(SubmissionState.OutcomeUnknown, "nl", Cancellation).SingleAsync(Cancellation)).RowKey;

    /// <summary>Why the console says that the ledger was lost.</summary>
    private static async Task<string> GapAsync(CertificateWorld world)
        => Assert.Single(
            await world.Office.Get<CertificateAttention>().ListAsync(10, Cancellation), note => note.Kind == "sending-gap").Reason;

    /// <summary>Has the copy of the ledger have other stubs than the one that it has.</summary>
    private static async Task CopyAsync(CertificateWorld world, int count, Func<SubmissionStub, int, SubmissionStub> make)
    {
        var copy = world.Office.Get<LedgerExport>().BlobOf("nl");
        var lines = (await copy.DownloadContentAsync(Cancellation)).Value.Content.ToString().TrimEnd().Split('\n');
        var stub = JsonSerializer.Deserialize(lines[1], LedgerCopyJson.Default.SubmissionStub)!;
        var stubs = Enumerable.Range(0, count)
            .Select(i => JsonSerializer.Serialize(make(stub, i), LedgerCopyJson.Default.SubmissionStub));
        await copy.UploadAsync(BinaryData.FromString(string.Join('\n', stubs.Prepend(lines[0]))), overwrite: true, Cancellation);
    }

    /// <summary>Cuts a restore off at a new row of the ledger's table; the first is the key's check.</summary>
    private static void CutOff(CertificateWorld world, int row)
    {
        var rows = 0;
        world.Office.Wire.Watch = request =>
        {
            if (request.Method == HttpMethod.Post
                && request.RequestUri!.AbsolutePath.EndsWith(CertificateStorage.Submissions, StringComparison.Ordinal)
                && Interlocked.Increment(ref rows) == row)
                throw new InvalidOperationException("The call is cut off.");
        };
    }

    internal static string Name(int person) => $"nl/3101_p{person}@example.test_2026-01-15.pdf";

    internal static Task DropAsync(CertificateWorld world, int person)
        => world.DropAsync(Name(person), SamplePdf.Create($"{person}, {world.Clock.GetUtcNow()}"), []);

    private static string Again(int person) => Name(person).Replace("nl/", "nl/again/", StringComparison.Ordinal);

    private static Task DropAgainAsync(CertificateWorld world, int person)
        => world.DropAsync(Again(person), SamplePdf.Create($"{person} again"), []);

    private static void Sweep(CertificateWorld world)
        => Task.Run(world.Instances[0].SweepAsync, Cancellation).GetAwaiter().GetResult();

    internal static Task EmptyAsync(CertificateWorld world)
        => EmptyAsync(
            world, CertificateStorage.Submissions, CertificateStorage.Open, CertificateStorage.Index, CertificateStorage.Guards,
            CertificateStorage.State);

    internal static async Task EmptyAsync(CertificateWorld world, params string[] tables)
    {
        foreach (var name in tables)
        {
            var table = world.Office.Get<AppStorage>().Table(name);
            foreach (var row in await table.QueryAsync<TableEntity>(cancellationToken: Cancellation).ToListAsync(Cancellation))
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Cancellation);
        }
    }
}
