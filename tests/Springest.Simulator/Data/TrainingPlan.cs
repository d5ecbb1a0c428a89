namespace Springest.Simulator.Data;

/// <summary>What is decided about a training before it is written, so that trainings can be written in any order.</summary>
internal sealed record TrainingPlan(long Id, int Seed, int Institute, int[] Subjects, DateTimeOffset Modified)
{
    private const int HighestId = 100_000_000;

    // A fixed day, so that a seed gives the same records tomorrow.
    private static readonly DateTimeOffset Newest = new(2025, 10, 1, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<TrainingPlan> Draw(Random random, SimulatorOptions options, int institutes)
    {
        var plans = new List<TrainingPlan>(options.Trainings);
        var id = 100_000L;
        var gap = Math.Max(2, 2 * (HighestId / Math.Max(1, options.Trainings)));
        for (var index = 0; index < options.Trainings; index++)
        {
            id += random.Next(1, gap);
            var subjects = Enumerable.Range(0, options.Subjects == 0 ? 0 : random.Next(1, 4)).Select(_ => random.Next(options.Subjects)).Distinct();
            plans.Add(new TrainingPlan(id, random.Next(), random.Next(institutes), [.. subjects], Newest.AddMinutes(-random.Next(1, 400 * 24 * 60))));
        }

        return plans;
    }
}
