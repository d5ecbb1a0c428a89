using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>
/// Whatever order webhooks come in, and wherever the app dies, the mirror ends up as the API's data is. A run tries some seeds, most of
/// them on storage in memory; the environment variables SEED, SIMULATIONS and KILL_POINTS choose the first seed and how many.
/// All of them: <c>dotnet dev.cs bench webhooks-endurance</c>.
/// </summary>
public sealed class WebhookSimulationTests(AzuriteFixture azurite)
{
    private static readonly int FirstSeed = Variable.Number("SEED", Random.Shared.Next(1_000_000));

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 2)]
    public async Task Shuffled_repeated_and_delayed_deliveries_end_in_the_apis_data(bool onAzurite, int count)
    {
        await using var world = await StartAsync(onAzurite);
        for (var seed = FirstSeed; seed < FirstSeed + Variable.Number("SIMULATIONS", count); seed++)
            Agree(await world.ShuffleAsync(seed));
    }

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 3)]
    public async Task Nothing_acknowledged_is_lost_wherever_the_app_dies(bool onAzurite, int count)
    {
        await using var world = await StartAsync(onAzurite);
        var (length, wrong) = await world.KillAsync(FirstSeed, int.MaxValue, answerLost: false);
        Agree(wrong);
        var points = Enumerable
            .Range(1, length)
            .SelectMany(request => new[] { (Request: request, Lost: false), (Request: request, Lost: true) })
            .ToArray();
        new Random(FirstSeed).Shuffle(points);
        foreach (var (request, lost) in points.Take(Variable.Number("KILL_POINTS", count)))
            Agree((await world.KillAsync(FirstSeed, request, lost)).Wrong);
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_while_storage_fails_now_and_then()
    {
        await using var world = await StartAsync(onAzurite: false);
        for (var seed = FirstSeed; seed < FirstSeed + Variable.Number("SIMULATIONS", 20); seed++)
            Agree((await world.KillAsync(seed, int.MaxValue, answerLost: false, faults: 0.1)).Wrong);
    }

    private Task<WebhookWorld> StartAsync(bool onAzurite)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={FirstSeed}");
        return WebhookWorld.StartAsync(onAzurite ? azurite.Azurite.ConnectionString : null);
    }

    private static void Agree(string? wrong) => Assert.True(wrong is null, wrong);
}
