using System.Globalization;

namespace Springest.Simulator.Data;

/// <summary>What is decided about a training before it is written, so that it can be written at any time, and again.</summary>
internal sealed record TrainingPlan(long Id, int Seed, int Institute, int[] Subjects, string Modified)
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
            var modified = Stamp(random, Newest.AddMinutes(-random.Next(1, 400 * 24 * 60)));
            plans.Add(new TrainingPlan(id, random.Next(), random.Next(institutes), DrawSubjects(random, options.Subjects), modified));
        }

        return plans;
    }

    private static int[] DrawSubjects(Random random, int subjects)
        => subjects == 0 ? [] : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(subjects)).Distinct()];

    // Mostly with an offset; now and then in the other forms (docs/springest-api.md, section 3.2).
    private static string Stamp(Random random, DateTimeOffset time) => random.Next(20) switch
    {
        0 => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        1 => TimeStamp.Local(time).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        2 => TimeStamp.Local(time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        3 => TimeStamp.Local(time).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        _ => TimeStamp.Format(time),
    };
}
