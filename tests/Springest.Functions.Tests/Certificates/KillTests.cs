using System.Globalization;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Certificates;

/// <summary>Real processes, really killed. KILLS says how often, SEED where.</summary>
public sealed class KillTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_is_killed_submits_nothing_twice_loses_nothing_and_leaves_nothing_on_disk()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={seed}");
        await using var kills = await CertificateKills.StartAsync(azurite.Azurite, seed, Cancellation);

        for (var life = int.Parse(Environment.GetEnvironmentVariable("KILLS") ?? "3", CultureInfo.InvariantCulture); life > 0; life--)
        {
            await kills.LiveAsync(Cancellation);
            Assert.Empty(kills.LeftOnDisk);
        }

        var (submitted, twice, lost, _) = await kills.SettleAsync(Cancellation);

        Assert.True(submitted > 0);
        Assert.Equal((0, 0), (twice, lost));
    }
}
