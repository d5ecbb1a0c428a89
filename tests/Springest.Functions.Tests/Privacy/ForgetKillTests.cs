using System.Globalization;
using System.Net;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.Privacy;

/// <summary>
/// An erasure that is stopped at any request to storage goes on with the next run of its timer, and comes to the same end. SEED chooses the
/// points, KILLS how many.
/// </summary>
public sealed class ForgetKillTests(AzuriteFixture azurite)
{
    private const string Email = "wim.canary@example.test";
    private const string Other = "jaap.wim.canary@example.test";

    private readonly int _kills = int.Parse(Environment.GetEnvironmentVariable("KILLS") ?? "4", CultureInfo.InvariantCulture);

    [Fact]
    public async Task An_erasure_that_is_stopped_anywhere_comes_to_its_end()
    {
        var seed = Environment.GetEnvironmentVariable("SEED") is { } text ? int.Parse(text, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={seed}");
        var random = new Random(seed);
        var most = await RunAsync(int.MaxValue);
        Assert.InRange(most, 50, 1000);
        for (var kill = 0; kill < _kills; kill++)
            await RunAsync(random.Next(1, most));
    }

    /// <returns>How many requests the erasure made.</returns>
    private async Task<int> RunAsync(int stopAt)
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, TestContext.Current.CancellationToken);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new() { ["AzureWebJobsStorage"] = storage.ConnectionString });
        await ForgetTests.FillAsync(desk);
        var search = new StorageSearch(desk.App);
        var posts = desk.Posts.Count;
        var requests = 0;
        // Not tried again: nothing more reaches storage, as if the process were dead.
        storage.Exchange = async (_, send)
            => Interlocked.Increment(ref requests) < stopAt ? await send()
                : new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new ByteArrayContent([]) };

        var answer = await ForgetTests.AskAsync(desk, "forget", new { email = Email });
        storage.Exchange = async (_, send) => await send();
        Assert.Equal(stopAt == int.MaxValue ? HttpStatusCode.OK : HttpStatusCode.InternalServerError, answer.Status);
        // One that was never written down is wanted again.
        if (stopAt <= 2)
            await ForgetTests.AskAsync(desk, "forget", new { email = Email });
        var made = requests;
        await desk.App.FireAsync("RemoveOldData");
        await desk.App.FireAsync("CrawlReviews");

        var left = (await search.FindAsync(Email)).Except(await search.FindAsync(Other)).ToList();
        Assert.True(left.Count == 0, $"Stopped at request {stopAt}, this is left: {string.Join("; ", left)}");
        await desk.SweepAsync();
        Assert.Equal(posts, desk.Posts.Count);
        return made;
    }
}
