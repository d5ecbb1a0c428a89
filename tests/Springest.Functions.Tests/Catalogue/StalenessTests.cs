namespace Springest.Functions.Tests.Catalogue;

public sealed class StalenessTests
{
    [Fact]
    public async Task Full_passes_bring_every_change_within_35_minutes_at_half_the_quota()
        => Assert.InRange(
            await Staleness.MeasureAsync(3_000, Staleness.ByFullPasses, TimeSpan.FromHours(2), changes: 300, seed: 1), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(35));

    [Fact]
    public async Task Deltas_bring_every_change_within_15_minutes_also_while_a_full_pass_is_under_way()
        => Assert.InRange(
            await Staleness.MeasureAsync(3_000, Staleness.ByDelta, TimeSpan.FromHours(26), changes: 300, seed: 1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15));
}
