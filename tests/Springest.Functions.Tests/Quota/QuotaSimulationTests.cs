using Springest.Testing;
using Springest.Testing.Quota;

namespace Springest.Functions.Tests.Quota;

/// <summary>
/// Whatever goes wrong, no trailing window of the server's holds more than the limit, and nobody asks storage for nothing.
/// </summary>
public sealed class QuotaSimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Quota_is_exact_in_random_schedules()
    {
        var (requests, full, schedules) = (0L, 0, 0);
        Parallel.ForEach(
            Seeds(),
            new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken },
            seed =>
            {
                var simulation = new QuotaSimulation(seed);
                simulation.Run();
                Assert.True(
                    simulation.Most <= simulation.Limit,
                    $"{simulation.Most} requests in a window that allows {simulation.Limit}. Run it again with QUOTA_SEED={seed}.");
                Assert.True(
                    simulation.Idle == 0,
                    $"{simulation.Idle} requests to storage by idle instances. Run it again with QUOTA_SEED={seed}.");
                Interlocked.Add(ref requests, simulation.Requests);
                Interlocked.Increment(ref schedules);
                if (simulation.Most == simulation.Limit)
                    Interlocked.Increment(ref full);
            });

        output.WriteLine($"{schedules} schedules, {requests} requests, {full} schedules that used the limit in full.");
        // Or the simulation would show nothing: it must come to the limit often.
        Assert.True(schedules == 1 || full > schedules / 3, $"Only {full} of {schedules} schedules reached the limit.");
    }

    [Theory]
    [InlineData(nameof(QuotaSimulation.Weakness.TransportRepeats))]
    [InlineData(nameof(QuotaSimulation.Weakness.LongAttempts))]
    public void Simulation_finds_a_fault_that_is_put_in(string name)
    {
        var weakness = Enum.Parse<QuotaSimulation.Weakness>(name);
        foreach (var seed in Enumerable.Range(1, 500))
        {
            var simulation = new QuotaSimulation(seed, weakness);
            simulation.Run();
            if (simulation.Most <= simulation.Limit)
                continue;
            output.WriteLine($"{weakness}: {simulation.Most} requests in a window that allows {simulation.Limit}, with seed {seed}.");
            return;
        }

        Assert.Fail($"{weakness} did no harm in 500 schedules.");
    }

    // All by default, or the one of a failure, as QUOTA_SEED=123. QUOTA_SEEDS says how many.
    private static IEnumerable<int> Seeds()
        => Variable.Number("QUOTA_SEED", 0) is var seed and > 0 ? [seed] : Enumerable.Range(1, Variable.Number("QUOTA_SEEDS", 300));
}
