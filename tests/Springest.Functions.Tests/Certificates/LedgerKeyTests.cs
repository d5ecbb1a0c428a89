using System.Text.Json;
using Azure.Data.Tables;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Copies;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Status;
using Springest.Functions.Storage;
using Springest.Testing.Certificates;
using static Springest.Functions.Tests.Certificates.LedgerRestoreTests;

namespace Springest.Functions.Tests.Certificates;

/// <summary>The ledger's key, without which nothing that was submitted is recognised; and what the ledger's copy says.</summary>
public sealed class LedgerKeyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("key")]
    [InlineData("check")]
    [InlineData("both")]
    [InlineData("guards")]
    [InlineData("another key")]
    [InlineData("a torn key")]
    [InlineData("key and rows, but for the copy")]
    [InlineData("rows, before there is a copy")]
    [InlineData("table")]
    public async Task Without_its_key_a_ledger_sends_nothing_and_says_so(string lost)
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();
        if (lost != "rows, before there is a copy")
            await world.Instances[0].ExportAsync();
        var tables = world.Office.Get<AppStorage>();
        var isKeyThere = lost is "check" or "guards" or "table" or "rows, before there is a copy";
        if (!isKeyThere)
            await tables.Table(CertificateStorage.Key).DeleteEntityAsync("key", "key", cancellationToken: Cancellation);
        if (lost is "check" or "both")
            await tables.Table(CertificateStorage.Submissions).DeleteEntityAsync("_key", "key", cancellationToken: Cancellation);
        if (lost == "another key")
            await tables.Table(CertificateStorage.Key).AddEntityAsync(
                new TableEntity("key", "key") { ["Value"] = Convert.ToBase64String(new byte[32]) }, Cancellation);
        if (lost == "a torn key")
            await tables.Table(CertificateStorage.Key).AddEntityAsync(new TableEntity("key", "key") { ["Value"] = "abc" }, Cancellation);
        if (lost == "guards")
            await EmptyAsync(world, CertificateStorage.Guards);
        if (lost.EndsWith("copy", StringComparison.Ordinal))
            await EmptyAsync(world);
        if (lost == "table")
            await tables.Table(CertificateStorage.Submissions).DeleteAsync(Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        await DropAsync(world, 2);
        await world.Instances[0].SweepAsync();
        await Assert.ThrowsAsync<LedgerLostException>(
            () => world.Instances[0].TakeInAsync("nl/3101_p2@example.test_2026-01-15.pdf"));

        Assert.Single(world.Springest.Certificates);
        Assert.False((await world.Office.Get<HealthCheck>().RunAsync(Cancellation))["certificates"]);
        Assert.Contains(
            "ledger-key-lost",
            (await world.Office.Get<CertificateAttention>().ListAsync(10, Cancellation)).Select(note => note.Kind));
        if (lost == "table")
        {
            Assert.Contains("A table of the ledger is missing", await RestoreAsync(), StringComparison.Ordinal);
            await tables.Table(CertificateStorage.Submissions).CreateAsync(Cancellation);
        }

        Assert.Equal(isKeyThere, await RestoreAsync() is null);

        Task<string?> RestoreAsync() => world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_lost_before_the_first_copy_is_restored_from_receipts(bool areGuardsLost)
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();
        await EmptyAsync(world, [CertificateStorage.Submissions, .. areGuardsLost ? (string[])[CertificateStorage.Guards] : []]);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();

        Assert.Null(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
        await world.Office.Get<SendingGate>().StartAsync("nl", Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].SweepAsync();

        Assert.Equal(1, world.Springest.Posts);
        Assert.Single(await world.Ledger.ListAsync(SubmissionState.Duplicate, "nl", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_key_that_contradicts_the_copy_of_another_site_restores_nothing()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await world.Instances[0].ExportAsync();
        await world.Office.Get<LedgerExport>().BlobOf("nl").DeleteAsync(cancellationToken: Cancellation);
        await EmptyAsync(world);
        await world.Office.Get<AppStorage>().Table(CertificateStorage.Key).UpsertEntityAsync(
            new TableEntity("key", "key") { ["Value"] = Convert.ToBase64String(new byte[32]) }, cancellationToken: Cancellation);

        Assert.NotNull(await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation));
    }

    [Fact]
    public async Task Two_first_starts_at_once_make_one_key()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            await using var world = await CertificateWorld.CreateAsync(seed, instances: 2);
            var keys = new List<LedgerKey>();
            await world.Turns.RunAsync(
                [
                    .. world.Instances.Select(instance =>
                        (Func<Task>)(async () => keys.Add(await instance.Get<LedgerKeys>().GetAsync(Cancellation)))),
                ]);
            Assert.Equal(2, keys.Count);
            Assert.Single(keys.Select(key => key.Check).Distinct());
        }
    }

    [Fact]
    public void A_copy_of_an_earlier_version_can_be_read()
    {
        const string line = """
            {"key":"k","state":"Submitting","person":"p","validFrom":"2026-01-15","claim":"1-c","sending":"2026-01-01"}
            """;

        var row = JsonSerializer.Deserialize(line, LedgerCopyJson.Default.SubmissionStub)!.ToRow("nl");

        Assert.Equal(("k", SubmissionState.Submitting, "p"), (row.RowKey, row.State, row.Person));
    }

    [Fact]
    public async Task A_copy_is_about_nobody()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();

        var copy = (await world.Office.Get<LedgerExport>().BlobOf("nl").DownloadContentAsync(Cancellation)).Value.Content.ToString();

        Assert.Equal(2, copy.TrimEnd().Split('\n').Length);
        Assert.DoesNotContain("example.test", copy, StringComparison.Ordinal);
        Assert.DoesNotContain(".pdf", copy, StringComparison.Ordinal);
    }
}
