namespace Springest.Functions.Tests.Quota;

public sealed class QuotaSimulationTests(ITestOutputHelper output)
{
    /// <summary>The seeds to run: all by default, or the one of a failure, as <c>QUOTA_SEED=123</c>. <c>QUOTA_SEEDS</c> says how many.</summary>
    public static IEnumerable<int> Seeds(string count)
        => Environment.GetEnvironmentVariable("QUOTA_SEED") is { } seed ? [int.Parse(seed)]
            : Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("QUOTA_SEEDS") ?? count));

    [Fact]
    public void No_window_ever_holds_more_requests_than_the_limit()
    {
        var (requests, full, schedules) = (0L, 0, 0);
        Parallel.ForEach(Seeds("2000"), new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, seed =>
        {
            var simulation = new QuotaSimulation(seed);
            var (most, limit) = simulation.Run();
            Assert.True(most <= limit, $"{most} requests in a window that allows {limit}. Run it again with QUOTA_SEED={seed}.");
            Interlocked.Add(ref requests, simulation.Requests);
            Interlocked.Increment(ref schedules);
            if (most == limit)
                Interlocked.Increment(ref full);
        });

        output.WriteLine($"{schedules} schedules, {requests} requests, {full} schedules that used the limit in full.");
        // Or the simulation would show nothing: it must come to the limit often.
        Assert.True(schedules == 1 || full > schedules / 4, $"Only {full} of {schedules} schedules reached the limit.");
    }
}
