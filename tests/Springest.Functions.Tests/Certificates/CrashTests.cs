using System.Globalization;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>
/// Random histories: files are dropped, doubled, replaced and taken back, with and without a manifest; events and sweeps run at once in
/// three instances, each of which may be killed at any request; connections break, answers get lost or come too late, leases run out.
/// SEED runs one history again, SEEDS more of them.
/// </summary>
public sealed class CrashTests
{
    private static readonly int _histories = int.Parse(Environment.GetEnvironmentVariable("SEEDS") ?? "60", CultureInfo.InvariantCulture);

    [Fact]
    public async Task No_history_submits_a_certificate_twice_or_loses_a_file()
    {
        var given = Environment.GetEnvironmentVariable("SEED") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : (int?)null;
        var first = given ?? Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={first}");
        for (var i = 0; i < (given is null ? _histories : 1); i++)
            await CertificateHistory.RunAsync(first + i);
    }

    /// <summary>The ledger's index has random names, so that in one history of twenty two entries stand the other way round.</summary>
    [Fact]
    public async Task The_same_seed_is_nearly_always_the_same_history()
    {
        var same = 0;
        for (var i = 0; i < 20; i++)
        {
            var seed = Random.Shared.Next();
            same += await CertificateHistory.RunAsync(seed) == await CertificateHistory.RunAsync(seed) ? 1 : 0;
        }

        Assert.InRange(same, 12, 20);
    }
}
