using System.Text.Json;
using Azure.Data.Tables;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Copies;
using Springest.Functions.Certificates.Ledger;
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
    public async Task Without_its_key_a_ledger_sends_nothing_and_says_so(string lost)
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await DropAsync(world, 1);
        await world.Instances[0].SweepAsync();
        await world.Instances[0].ExportAsync();
        var tables = world.Office.Get<AppStorage>();
        if (lost is not ("check" or "guards"))
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
        var isKeyThere = lost is "check" or "guards";
        Assert.Equal(isKeyThere, await world.Office.Get<LedgerRestore>().RunAsync("nl", null, Cancellation) is null);
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
