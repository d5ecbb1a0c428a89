using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>Real processes, really killed. For more kills set PROCESS_KILLS; KILL_SEED repeats a run as far as processes can be repeated.</summary>
public sealed class ProcessKillTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Killed_processes_lose_and_double_nothing()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("KILL_SEED") ?? $"{Random.Shared.Next()}");
        TestContext.Current.TestOutputHelper?.WriteLine($"KILL_SEED={seed}");
        var kills = int.Parse(Environment.GetEnvironmentVariable("PROCESS_KILLS") ?? "5");

        var killed = await new ProcessKills(azurite.Azurite, seed, kills).RunAsync(TestContext.Current.CancellationToken);

        Assert.True(killed >= kills / 2, $"Only {killed} kills.");
    }
}
