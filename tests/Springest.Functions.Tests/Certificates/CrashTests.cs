using System.Globalization;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Certificates;

/// <summary>
/// Random histories: files are dropped, doubled and replaced, events and sweeps run at once in three instances, each of which may be
/// killed at any request, and Springest's answers get lost. SEED runs one history again, SEEDS more of them.
/// </summary>
public sealed class CrashTests(AzuriteFixture azurite)
{
    private static readonly int _histories = int.Parse(Environment.GetEnvironmentVariable("SEEDS") ?? "12", CultureInfo.InvariantCulture);

    [Fact]
    public async Task No_history_submits_a_certificate_twice_or_loses_a_file()
    {
        await using var world = await CertificateWorld.CreateAsync(azurite.Azurite, instances: 3);
        var given = Environment.GetEnvironmentVariable("SEED") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : (int?)null;
        var first = given ?? Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={first}");
        for (var i = 0; i < (given is null ? _histories : 1); i++)
            await new CertificateHistory(world, first + i).RunAsync();
    }
}
