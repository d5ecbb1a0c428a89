using System.Net;
using Microsoft.AspNetCore.Http;
using Springest.Functions.Access;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Privacy;
using Springest.Functions.Storage;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Testing;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Privacy;

/// <summary>
/// An erasure that is stopped at any request to storage goes on with the next run of its timer, and comes to the same end. SEED chooses the
/// points, KILLS how many.
/// </summary>
public sealed class ForgetKillTests(AzuriteFixture azurite)
{
    private const string Email = "wim.canary@example.test";
    private const string Other = "jaap.wim.canary@example.test";

    private readonly int _kills = Variable.Number("KILLS", 2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_erasure_that_is_stopped_anywhere_comes_to_its_end()
    {
        var seed = Variable.Number("SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={seed}");
        var random = new Random(seed);
        var (most, records) = await RunAsync(int.MaxValue);
        Assert.InRange(most, 50, 1000);
        for (var kill = 0; kill < _kills; kill++)
        {
            var stopAt = random.Next(1, most);
            var (_, removed) = await RunAsync(stopAt);
            // What was removed last before the stop may not have been counted.
            Assert.True(removed >= records - 1, $"Stopped after request {stopAt}, it says {removed} of {records} records.");
        }
    }

    /// <summary>The file was refused because of its name, and a person closed that: the row does not know the entry any more.</summary>
    [Fact]
    public async Task An_entry_that_an_earlier_crash_left_behind_is_found_and_forgotten()
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = storage.ConnectionString });
        await desk.DropAsync($"cv {Email}.pdf", metadata: []);
        await desk.SweepAsync();
        var row = await desk.Ledger.ListAsync(SubmissionState.Rejected, "nl", Cancellation).SingleAsync(Cancellation);
        storage.StopAfter(request => StorageProxy.Writes(request, CertificateStorage.Submissions));
        Assert.Equal(HttpStatusCode.InternalServerError, await desk.ManageAsync($"certificates/nl/{row.RowKey}/dismiss"));
        storage.Exchange = async (_, send) => await send();

        var answer = await ForgetTests.AskAsync(desk, "forget", new { email = Email });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(1, answer.Json.GetProperty("removed").GetProperty("entry").GetInt32());
        Assert.Empty(await new StorageSearch(desk.App).FindAsync(Email));
    }

    /// <summary>Chosen by its record, it is not searched for again: what is left then is left.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_file_that_was_refused_nothing_is_left_whenever_it_is_stopped(bool isAnswerLost)
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = storage.ConnectionString });
        await desk.App.DropAsync("refused.pdf", "no pdf"u8.ToArray(), CertificateDesk.Fields(email: Email));
        await desk.SweepAsync();
        var row = await desk.Ledger.ListAsync(SubmissionState.Rejected, "nl", Cancellation).SingleAsync(Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, await desk.ManageAsync($"certificates/nl/{row.RowKey}/dismiss"));
        Assert.Equal(HttpStatusCode.NoContent, await desk.ManageAsync($"certificates/nl/{row.RowKey}/reopen"));
        var search = new StorageSearch(desk.App);
        Assert.NotEmpty(await search.FindAsync(row.RowKey));
        static bool IsRow(HttpRequest request) => request.Method == "DELETE"
            && request.Path.Value!.Contains("CertificateSubmissions(", StringComparison.Ordinal)
            && !request.Path.Value!.Contains('~', StringComparison.Ordinal);
        if (isAnswerLost)
            storage.LoseAnswer(IsRow);
        else
            storage.StopAfter(IsRow);

        var answer = await ForgetTests.AskAsync(desk, "forget", new { records = (string[])[$"certificate:nl/{row.RowKey}"] });
        storage.Exchange = async (_, send) => await send();
        await desk.App.FireAsync("RemoveOldData");

        Assert.Equal(isAnswerLost ? HttpStatusCode.OK : HttpStatusCode.InternalServerError, answer.Status);
        Assert.Empty(await search.FindAsync(Email));
        // The entry of what is open says nothing any more, and goes by itself; what was decided stays in the log.
        Assert.DoesNotContain(
            await search.FindAsync(row.RowKey),
            found => !found.StartsWith(CertificateStorage.Open, StringComparison.Ordinal)
                && !found.StartsWith(OperatorLog.Table, StringComparison.Ordinal));
    }

    /// <summary>The client asks again, and is refused since the first time was a success.</summary>
    [Fact]
    public async Task The_erasure_of_a_review_is_told_though_storage_did_not_answer()
    {
        await using var simulator = await SimulatorServer.StartAsync(new() { Trainings = 20 }, Cancellation);
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var app = await MirrorApp.StartAsync(storage.ConnectionString, $"t{Guid.NewGuid():N}"[..12], simulator);
        await app.CompleteAsync(Reviews.Description);
        var review = simulator.Catalogue.Reviews.Ids[0];
        var tries = storage.LoseAnswer(
            request => request.Method == "PUT" && request.Path.Value!.Contains("Reviews(", StringComparison.Ordinal));

        Assert.True(await app.Store.Writer(new("nl", Reviews.Description)).EraseAsync(review, Cancellation));

        Assert.True(tries() > 1);
        Assert.Equal($"Updated {review}", (await app.ChangesAsync())[^1]);
        Assert.False(await app.Store.Writer(new("nl", Reviews.Description)).EraseAsync(review, Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_blob_of_a_big_review_outlives_it_though_storage_did_not_answer_or_the_run_died(bool isErased)
    {
        await using var simulator = await SimulatorServer.StartAsync(new() { Trainings = 20 }, Cancellation);
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        var prefix = $"t{Guid.NewGuid():N}"[..12];
        await using var app = await MirrorApp.StartAsync(storage.ConnectionString, prefix, simulator);
        var (reviews, id) = (simulator.Catalogue.Reviews, simulator.Catalogue.Reviews.Ids[0]);
        reviews.Update(id, review => review["description"] = new string('x', 400_000));
        await app.CompleteAsync(Reviews.Description);
        Assert.Single(await BlobsAsync());

        if (isErased)
        {
            storage.LoseAnswer(IsOfRow);
            Assert.True(await app.Store.Writer(new("nl", Reviews.Description)).EraseAsync(id, Cancellation));
        }
        else
        {
            reviews.Remove(id);
            await app.CompleteAsync(Reviews.Description);
            await using var victim = await MirrorApp.StartAsync(storage.ConnectionString, prefix, simulator);
            storage.Exchange = async (request, send) =>
            {
                var answer = await send();
                if (IsOfRow(request))
                    victim.Tap.KillAt(1, answerLost: false);
                return answer;
            };
            await Assert.ThrowsAsync<KilledException>(() => victim.CompleteAsync(Reviews.Description));
            await app.ExpireLeaseAsync();
            await app.CompleteAsync(Reviews.Description);
            Assert.Equal($"Deleted {id}", (await app.ChangesAsync())[^1]);
        }

        Assert.Empty(await BlobsAsync());

        bool IsOfRow(HttpRequest request)
            => request.Method == "PUT" && request.Path.Value!.Contains("Reviews(", StringComparison.Ordinal);

        ValueTask<List<string>> BlobsAsync()
            => app.Container(CatalogueStorage.RecordBlobs).GetBlobsAsync(cancellationToken: Cancellation)
                .Select(blob => blob.Name).ToListAsync(Cancellation);
    }

    /// <param name="stopAfter">The number of the last request that is carried out.</param>
    /// <returns>How many requests the erasure made, and how many records it says that it removed.</returns>
    private async Task<(int Requests, int Removed)> RunAsync(int stopAfter)
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new(ForgetTests.WithSnapshots) { ["AzureWebJobsStorage"] = storage.ConnectionString });
        await ForgetTests.FillAsync(desk);
        var search = new StorageSearch(desk.App);
        var posts = desk.Posts.Count;
        var requests = 0;
        storage.StopAfter(_ => Interlocked.Increment(ref requests) == stopAfter);

        var answer = await ForgetTests.AskAsync(desk, "forget", new { email = Email });
        storage.Exchange = async (_, send) => await send();
        Assert.Equal(stopAfter == int.MaxValue ? HttpStatusCode.OK : HttpStatusCode.InternalServerError, answer.Status);
        var made = requests;
        var erasures = desk.App.Get<AppStorage>().Table(Erasures.Table).QueryAsync<ErasureEntity>(cancellationToken: Cancellation);
        // One that was never written down is wanted again.
        if (!await erasures.AnyAsync(Cancellation))
            await ForgetTests.AskAsync(desk, "forget", new { email = Email });
        // Files that are being processed are left for a later run.
        await Eventually.BeAsync(async () =>
        {
            await desk.App.FireAsync("RemoveOldData");
            return await erasures.AllAsync(erasure => erasure.Done is not null, Cancellation);
        });
        await desk.App.FireAsync("CrawlReviews");

        var left = await search.FindExceptInAsync(Other, Email);
        Assert.True(left.Count == 0, $"Stopped after request {stopAfter}, this is left: {string.Join("; ", left)}");
        await desk.SweepAsync();
        Assert.Equal(posts, desk.Posts.Count);
        return (made, (await erasures.ToListAsync(Cancellation)).Sum(erasure => erasure.ReadRemoved().Values.Sum()));
    }
}
