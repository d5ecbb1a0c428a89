using Springest.Simulator;

namespace Springest.Client.Tests.Simulator;

public sealed class GeneratorTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_seed_gives_the_same_records_and_another_gives_others()
    {
        await using var one = await SimulatorServer.StartAsync(new SimulatorOptions { Seed = 5, Trainings = 200, Subjects = 30 }, Ended);
        await using var same = await SimulatorServer.StartAsync(new SimulatorOptions { Seed = 5, Trainings = 200, Subjects = 30 }, Ended);
        await using var other = await SimulatorServer.StartAsync(new SimulatorOptions { Seed = 6, Trainings = 200, Subjects = 30 }, Ended);

        foreach (var set in one.Catalogue.Sets)
            Assert.Equal(set.Ids.Select(set.Json), set.Ids.Select(same.Catalogue[set.Name]!.Json));
        Assert.NotEqual(one.Catalogue.Trainings.Ids, other.Catalogue.Trainings.Ids);
    }

    [Fact]
    public async Task Records_are_as_awkward_as_real_ones()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 2000, Subjects = 1004 }, Ended);
        var trainings = simulator.Catalogue.Trainings.Snapshot().Select(record => record.ToObject()).ToList();
        var names = trainings.Select(training => (string)training["name"]!).ToList();
        var lengths = trainings.Select(training => ((string)training["description"]!).Length).Order().ToList();

        Assert.Equal(2000, trainings.Count);
        Assert.Equal(1004, simulator.Catalogue.Subjects.Count);
        Assert.Contains(names, name => name.EndsWith(' '));
        Assert.Contains(names, name => name.Contains("&amp;", StringComparison.Ordinal));
        Assert.Contains(names, name => name.Contains('®'));
        Assert.Contains(trainings, training => training["price"] is null);
        Assert.Contains(trainings, training => training["base_price"]?.GetValueKind() == System.Text.Json.JsonValueKind.String);
        Assert.Contains(trainings, training => training["base_price"]?.GetValueKind() == System.Text.Json.JsonValueKind.Number);
        Assert.Contains(trainings, training => training["regions"]!.AsArray().Count == 0);
        Assert.Contains(trainings, training => training["starting_dateplaces"]!.AsArray().Any(date => (bool)date!["date_is_month_only"]!));
        Assert.Contains(trainings, training => ((string)training["modified"]!).EndsWith('Z'));
        Assert.Contains(trainings, training => ((string)training["modified"]!).Length == 10);
        Assert.Contains(trainings, training => (long)training["id"]! > 90_000_000);
        Assert.InRange(lengths[0], 1000, 1600);
        Assert.InRange(lengths[lengths.Count / 2], 1000, 3000);
        Assert.InRange(lengths[^1], 35_000, 41_000);
        Assert.Equal(
            trainings.Count(training => training["subjects"]!.AsArray().Any(subject => (long)subject!["id"]! == 9101)),
            (int)simulator.Catalogue.Subjects.Get(9101)!["count"]!);
    }
}
