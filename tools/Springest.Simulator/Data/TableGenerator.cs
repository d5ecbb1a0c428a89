using System.Globalization;
using System.Text.Json;

namespace Springest.Simulator.Data;

/// <summary>
/// The lists within a training: regions, levels, methods, associations, starting dates (docs/springest-api.md, sections 8.2 and 11).
/// </summary>
internal static class TableGenerator
{
    private static readonly HashSet<int> Belgian = [31, 32, 42];

    // Home study and e-learning take place anywhere, at any time.
    private static readonly HashSet<int> Placeless = [6, 12];

    public static void WriteRegions(Utf8JsonWriter writer, Random random, int method)
    {
        writer.WriteStartArray("regions");
        for (var regions = Placeless.Contains(method) ? 0 : random.Next(1, 4); regions > 0; regions--)
        {
            var region = random.Pick(Vocabulary.Regions);
            writer.WriteStartObject();
            writer.WriteNumber("id", region.Id);
            writer.WriteString("short", region.Name);
            writer.WriteString("long", "");
            writer.WriteString("country", Belgian.Contains(region.Id) ? "België" : "Nederland");
            writer.WriteOptional("order", random.Next(3) == 0 ? null : region.Id * 10);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void WritePairs(Utf8JsonWriter writer, string name, ReadOnlySpan<(int Id, string Name)> pairs)
    {
        writer.WriteStartArray(name);
        foreach (var (id, text) in pairs)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", id);
            writer.WriteString("name", text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Ids are those of the training with two digits more.</summary>
    public static void WriteDates(Utf8JsonWriter writer, Random random, TrainingPlan plan, int method)
    {
        writer.WriteStartArray("starting_dateplaces");
        var dates = Placeless.Contains(method) ? 0 : random.Next(0, 5);
        for (var index = 0; index < dates; index++)
        {
            var monthOnly = random.Next(4) == 0;
            var date = TimeStamp.Day(plan.Modified)!.Value.AddDays(random.Next(10, 400));
            if (monthOnly)
                date = new DateOnly(date.Year, date.Month, 1);
            var end = date.AddDays(monthOnly ? 0 : random.Next(0, 30));
            writer.WriteStartObject();
            writer.WriteNumber("id", (plan.Id * 100) + index);
            writer.WriteOptional("place", random.Next(12) == 0 ? null : random.Pick(Vocabulary.Regions).Name);
            writer.WriteString("date", Text(date));
            writer.WriteOptional("end_date", random.Next(8) == 0 ? null : Text(end));
            writer.WriteBoolean("date_is_month_only", monthOnly);
            writer.WriteBoolean("end_date_is_month_only", monthOnly);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
