using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>Many rounds of chaos. For more of them set CHAOS_ROUNDS; SEED repeats one.</summary>
public sealed class ChaosTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Nothing_is_lost_and_nothing_deleted_wrongly_whatever_happens()
        => await Parallel.ForEachAsync(Variable.Seeds("SEED", Variable.Number("CHAOS_ROUNDS", 100)), async (seed, _) =>
        {
            using var round = ChaosRound.InMemory(seed);
            await round.RunAsync();
        });

    [Fact]
    public async Task Nor_is_it_on_a_real_server()
    {
        foreach (var seed in Variable.Seeds("SEED", 2))
        {
            using var round = ChaosRound.OnServer(azurite.Azurite.ConnectionString, seed);
            await round.RunAsync();
        }
    }
}
