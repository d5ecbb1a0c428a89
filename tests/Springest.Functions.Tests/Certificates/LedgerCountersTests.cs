using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>How many certificates are in each state, as many say at once what has changed.</summary>
public sealed class LedgerCountersTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_many_note_while_one_writes_is_written_together()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString }, mirrored: false);
        var isWriting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var haveNoted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = 0;
        proxy.Exchange = async (request, send) =>
        {
            if (request.Path.Value!.Contains(CertificateStorage.State, StringComparison.Ordinal)
                && Interlocked.Increment(ref requests) == 1)
            {
                isWriting.SetResult();
                await haveNoted.Task;
            }

            return await send();
        };
        var counters = desk.App.Get<LedgerCounters>();

        var first = NoteAsync(counters);
        await isWriting.Task;
        var others = Enumerable.Range(0, 7).Select(_ => NoteAsync(counters)).ToList();
        haveNoted.SetResult();
        await Task.WhenAll([first, .. others]);

        // The row is read and written for the first one, and once more for all others.
        Assert.Equal(4, requests);
        Assert.Equal(8, (await desk.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Accepted)]);
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_the_next_time()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        var counters = world.Office.Get<LedgerCounters>();
        world.Office.Wire.Watch = _ => throw new InvalidOperationException("Storage is away.");
        await Assert.ThrowsAnyAsync<Exception>(() => NoteAsync(counters));

        world.Office.Wire.Watch = null;
        await NoteAsync(counters);

        Assert.Equal(2, (await world.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Accepted)]);
    }

    private static Task NoteAsync(LedgerCounters counters)
    {
        counters.Note("nl", null, new RowFigures(SubmissionState.Accepted, IsSubmission: true, IsUnverified: false));
        return counters.FlushAsync(Cancellation);
    }
}
