using Springest.Functions.Certificates;
using Springest.Testing;

namespace Springest.Functions.Tests.Certificates;

/// <summary>What is not all there yet: how long it is waited for, on a clock that the tests move on.</summary>
public sealed class WaitingTests
{
    private const string Named = "nl/3101_jo@example.test_2026-01-15.pdf";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Mounted drives and SFTP clients make an empty file first; that is an event of its own.</summary>
    [Fact]
    public async Task An_empty_file_is_given_a_minute_to_be_filled()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await world.DropAsync(Named, [], []);

        await world.Instances[0].TakeInAsync(Named);
        await world.Instances[0].SweepAsync();
        Assert.Equal(Reason.StillBeingWritten, (await WaitingAsync(world)).Code);

        await world.DropAsync(Named, SamplePdf.Create("x"), []);
        await world.Instances[0].TakeInAsync(Named);
        Assert.Single(world.Springest.Certificates);
        Assert.Contains($"{Named}.receipt.json", (await CertificateWorld.BlobsAsync(world.Containers.Accepted)).Keys);
    }

    [Fact]
    public async Task A_file_that_stays_empty_is_refused()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await world.DropAsync(Named, [], []);
        await world.Instances[0].SweepAsync();

        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].SweepAsync();

        Assert.Equal(Reason.FileEmpty, (await RejectionAsync(world, Named))?.Code);
        Assert.Empty(world.Springest.Certificates);
    }

    private static ValueTask<CertificateSubmission> WaitingAsync(CertificateWorld world)
        => world.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation);

    private static async Task<CertificateReport?> RejectionAsync(CertificateWorld world, string name)
        => (await CertificateWorld.BlobsAsync(world.Containers.Rejected)).TryGetValue($"{name}.rejection.json", out var json)
            ? CertificateReport.FromJson(System.Text.Encoding.UTF8.GetString(json))
            : null;
}
