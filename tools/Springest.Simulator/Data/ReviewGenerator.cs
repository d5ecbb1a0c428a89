using System.Globalization;
using System.Text.Json.Nodes;

namespace Springest.Simulator.Data;

/// <summary>
/// Reviews (docs/springest-api.md, section 8.7): about one for three trainings; ratings as numbers or text, some authors blank.
/// </summary>
internal static class ReviewGenerator
{
    private const long FirstId = 330011;
    private const int Minutes = 300 * 24 * 60;

    private static readonly DateTimeOffset Oldest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Put(Catalogue catalogue, Random random, IReadOnlyList<TrainingPlan> plans, IReadOnlyList<JsonObject> institutes)
    {
        var id = FirstId;
        foreach (var plan in plans.Where(_ => random.Next(3) == 0))
        {
            var rating = random.Next(10, 101) / 10m;
            catalogue.Reviews.Put(new JsonObject
            {
                ["id"] = id++,
                ["rating"] = random.Next(2) == 0 ? Math.Floor(rating) : rating.ToString("0.0", CultureInfo.InvariantCulture),
                ["description"] = random.Next(5) == 0 ? "" : random.Pick(Vocabulary.Sentences),
                ["created_at"] = TimeStamp.Format(Oldest.AddMinutes(random.Next(Minutes))),
                ["author_name"] = random.Next(4) == 0 ? "" : $"{(char)('A' + random.Next(26))}. Voorbeeld",
                ["training_id"] = plan.Id,
                ["institute_id"] = institutes[plan.Institute]["id"]!.DeepClone(),
            });
        }
    }
}
