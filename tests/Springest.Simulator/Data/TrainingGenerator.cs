using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Simulator.Http;

namespace Springest.Simulator.Data;

/// <summary>Writes the complete record of a training (contract, section 8.2) from its plan alone.</summary>
internal sealed class TrainingGenerator(IReadOnlyList<JsonObject> institutes, IReadOnlyList<SubjectSeed> subjects)
{
    private readonly byte[][] _institutes = [.. institutes.Select(institute => JsonSerializer.SerializeToUtf8Bytes(institute, JsonText.Options))];
    private readonly byte[][] _subjects = [.. subjects.Select(subject => JsonSerializer.SerializeToUtf8Bytes(subject.ToRecord(), JsonText.Options))];

    public ReadOnlyMemory<byte> Generate(TrainingPlan plan)
    {
        var buffer = new ArrayBufferWriter<byte>(8 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, JsonText.Writer))
            Write(writer, plan, new Random(plan.Seed));
        return buffer.WrittenMemory;
    }

    private void Write(Utf8JsonWriter writer, TrainingPlan plan, Random random)
    {
        var english = random.Next(4) == 0;
        var topic = Pick(random, english ? Vocabulary.EnglishTopics : Vocabulary.Topics);
        var type = Pick(random, english ? Vocabulary.EnglishTypes : Vocabulary.Types);
        var method = Vocabulary.Methods[random.Next(Vocabulary.Methods.Length)];
        var (name, slug) = Name(random, plan, topic, type, english);
        writer.WriteStartObject();
        WriteIdentity(writer, random, plan, name, slug);
        writer.WriteString("training_type", random.Next(20) == 0 ? "Open registration" : type.ToLowerInvariant());
        WritePrice(writer, random);
        WriteExtent(writer, random);
        writer.WritePropertyName("institute");
        writer.WriteRawValue(_institutes[plan.Institute]);
        writer.WriteString("description", DescriptionGenerator.Draw(random, topic, english));
        WriteTables(writer, random, plan, method);
        WriteDates(writer, random, plan, method.Id);
        writer.WriteEndObject();
    }

    private static (string Name, string Slug) Name(Random random, TrainingPlan plan, string topic, string type, bool english)
    {
        var speciality = Pick(random, english ? Vocabulary.EnglishSpecialities : Vocabulary.Specialities);
        var name = random.Next(3) == 0 ? $"{topic} {speciality}" : $"{type} {topic} {speciality}";
        var slug = $"{Slug.Of(name)}-{plan.Id}";
        return (random.Next(15) switch
        {
            0 => name + " ",
            1 => name.Replace(topic, topic + "®", StringComparison.Ordinal),
            2 => name + " &amp; meer",
            3 => name + " (één dag)",
            _ => name,
        }, slug);
    }

    private void WriteIdentity(Utf8JsonWriter writer, Random random, TrainingPlan plan, string name, string slug)
    {
        var institute = institutes[plan.Institute];
        var (id, site) = (institute["id"]!.GetValue<long>(), institute["short_name"]!.GetValue<string>());
        var page = $"https://www.springest.nl/{site}/{slug}";
        writer.WriteNumber("id", plan.Id);
        writer.WriteString("status", "published");
        writer.WriteString("modified", plan.Modified);
        writer.WriteNumber("institute_id", id);
        writer.WriteString("name", name);
        writer.WriteString("short_name", slug);
        WriteOptional(writer, "external_id", random.Next(6) > 0 ? $"{site[..2].ToUpperInvariant()}-{random.Next(1, 99999)}" : null);
        WriteOptional(writer, "bookings_email", random.Next(4) > 0 ? $"inschrijven@{site}.example" : null);
        WriteOptional(writer, "terms_and_conditions_url", random.Next(3) > 0 ? $"https://www.{site}.example/voorwaarden" : null);
        writer.WriteString("moments", random.Next(3) switch { 0 => "overdag", 1 => "avond", _ => "" });
        writer.WriteString("url", page);
        writer.WriteString("information_request_url", $"{page}/informatie-aanvragen");
        WriteOptional(writer, "booking_url", random.Next(5) > 0 ? $"{page}/inschrijven" : null);
        WriteOptional(writer, "more_info_url", random.Next(5) > 0
            ? $"https://www.springest.nl/conversions/registerClick/{plan.Id}/{id}?redirect={Uri.EscapeDataString($"https://www.{site}.example/{slug}")}&referrer={random.NextInt64():x16}"
            : null);
    }

    private static void WritePrice(Utf8JsonWriter writer, Random random)
    {
        decimal? price = random.Next(7) == 0 ? null : random.Next(2, 400) * 10 - random.Next(2);
        var discount = price is not null && random.Next(8) == 0 ? random.Next(1, 6) * 5m : (decimal?)null;
        var original = discount is null ? price : Math.Round(price!.Value * 100 / (100 - discount.Value), 1);
        var exempt = random.Next(3) == 0;
        WriteOptional(writer, "price", Text(price));
        writer.WriteString("price_currency", "&euro;");
        WriteOptional(writer, "original_price", Text(original));
        WriteOptional(writer, "discount_percentage", Text(discount));
        writer.WriteNull("vat_rate");
        WriteOptional(writer, "vat_amount", exempt ? null : Text(price * 0.21m));
        WriteOptional(writer, "original_vat_amount", exempt ? null : Text(original * 0.21m));
        WriteBase(writer, random, "base_price", price);
        WriteBase(writer, random, "base_vat_amount", exempt ? null : price * 0.21m);
        writer.WriteStartArray("additional_costs");
        for (var costs = price is null ? 0 : Math.Max(0, random.Next(-3, 4)); costs > 0; costs--)
            WriteCost(writer, random, exempt);
        writer.WriteEndArray();
        writer.WriteString("vat_included", price is null ? "unknown" : exempt ? "exempt" : random.Next(4) == 0 ? "yes" : "no");
    }

    private static void WriteCost(Utf8JsonWriter writer, Random random, bool exempt)
    {
        var amount = random.Next(10, 300);
        writer.WriteStartObject();
        writer.WriteString("name", Pick(random, Vocabulary.Costs));
        writer.WriteString("amount", Text(amount));
        WriteOptional(writer, "vat_amount", exempt ? null : Text(amount * 0.21m));
        writer.WriteString("vat_included", exempt ? "exempt" : "no");
        writer.WriteBoolean("mandatory", random.Next(2) == 0);
        writer.WriteEndObject();
    }

    // A number or a numeric string: the contract leaves it open.
    private static void WriteBase(Utf8JsonWriter writer, Random random, string name, decimal? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else if (random.Next(4) == 0)
            writer.WriteString(name, Math.Floor(value.Value).ToString(CultureInfo.InvariantCulture));
        else
            writer.WriteNumber(name, Math.Floor(value.Value));
    }

    private static void WriteExtent(Utf8JsonWriter writer, Random random)
    {
        var reviews = Math.Max(0, random.Next(-10, 60));
        var days = random.Next(1, 20) / 2m;
        if (reviews == 0)
            writer.WriteNull("average_rating");
        else
            WriteFloat(writer, "average_rating", random.Next(60, 100) / 10m);
        writer.WriteNumber("count", reviews);
        if (random.Next(5) == 0)
            writer.WriteNull("max_participants");
        else
            writer.WriteNumber("max_participants", random.Next(4, 30));
        WriteFloat(writer, "total_course_days", days);
        writer.WriteString("time_unit", "dagen");
        WriteFloat(writer, "duration", days);
        writer.WriteString("duration_unit", random.Next(6) == 0 ? "weeks" : "days");
    }

    private void WriteTables(Utf8JsonWriter writer, Random random, TrainingPlan plan, (int Id, string Name) method)
    {
        writer.WriteStartArray("regions");
        for (var regions = method.Id is 6 or 12 ? 0 : random.Next(1, 4); regions > 0; regions--)
        {
            var region = Vocabulary.Regions[random.Next(Vocabulary.Regions.Length)];
            writer.WriteStartObject();
            writer.WriteNumber("id", region.Id);
            writer.WriteString("short", region.Name);
            writer.WriteString("long", "");
            writer.WriteString("country", region.Id is 31 or 32 or 42 ? "België" : "Nederland");
            if (random.Next(3) == 0)
                writer.WriteNull("order");
            else
                writer.WriteNumber("order", region.Id * 10);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WritePairs(writer, "levels", [Vocabulary.Levels[random.Next(Vocabulary.Levels.Length)]]);
        WritePairs(writer, "methods", [method]);
        WritePairs(writer, "associations", random.Next(3) == 0 ? [Vocabulary.Associations[random.Next(Vocabulary.Associations.Length)]] : []);
        writer.WriteStartArray("subjects");
        foreach (var subject in plan.Subjects)
            writer.WriteRawValue(_subjects[subject]);
        writer.WriteEndArray();
        writer.WriteString("croho", random.Next(20) == 0 ? $"{random.Next(30000, 40000)}" : "");
        writer.WriteString("crebo", random.Next(20) == 0 ? $"{random.Next(20000, 30000)}" : "");
        writer.WriteString("soi", "");
    }

    private static void WritePairs(Utf8JsonWriter writer, string name, ReadOnlySpan<(int Id, string Name)> pairs)
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

    private static void WriteDates(Utf8JsonWriter writer, Random random, TrainingPlan plan, int method)
    {
        writer.WriteStartArray("starting_dateplaces");
        var dates = method is 6 or 12 ? 0 : random.Next(0, 5);
        for (var index = 0; index < dates; index++)
        {
            var monthOnly = random.Next(4) == 0;
            var date = TimeStamp.Day(plan.Modified)!.Value.AddDays(random.Next(10, 400));
            if (monthOnly)
                date = new DateOnly(date.Year, date.Month, 1);
            writer.WriteStartObject();
            writer.WriteNumber("id", (plan.Id * 100) + index);
            WriteOptional(writer, "place", random.Next(12) == 0 ? null : Vocabulary.Regions[random.Next(Vocabulary.Regions.Length)].Name);
            writer.WriteString("date", date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            WriteOptional(writer, "end_date", random.Next(8) == 0 ? null : date.AddDays(monthOnly ? 0 : random.Next(0, 30)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            writer.WriteBoolean("date_is_month_only", monthOnly);
            writer.WriteBoolean("end_date_is_month_only", monthOnly);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // Always with a dot, which is how a float is told from an integer in XML.
    private static void WriteFloat(Utf8JsonWriter writer, string name, decimal value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(value.ToString("0.0", CultureInfo.InvariantCulture));
    }

    private static string? Text(decimal? value) => value is null ? null : value.Value.ToString("0.0#", CultureInfo.InvariantCulture);

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, value);
    }

    private static string Pick(Random random, string[] words) => words[random.Next(words.Length)];
}
