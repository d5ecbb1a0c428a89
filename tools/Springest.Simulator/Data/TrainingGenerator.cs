using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Simulator.Http;

namespace Springest.Simulator.Data;

/// <summary>Writes the complete record of a training (docs/springest-api.md, section 8.2) from its plan alone.</summary>
internal sealed class TrainingGenerator(IReadOnlyList<JsonObject> institutes, IReadOnlyList<SubjectSeed> subjects)
{
    private const int UsualSize = 8 * 1024;

    private readonly byte[][] _institutes = [.. institutes.Select(Bytes)];
    private readonly byte[][] _subjects = [.. subjects.Select(subject => Bytes(subject.ToRecord()))];

    public ReadOnlyMemory<byte> Generate(TrainingPlan plan)
    {
        var buffer = new ArrayBufferWriter<byte>(UsualSize);
        using (var writer = new Utf8JsonWriter(buffer, JsonText.Writer))
            Write(writer, plan, new Random(plan.Seed));
        return buffer.WrittenMemory;
    }

    private void Write(Utf8JsonWriter writer, TrainingPlan plan, Random random)
    {
        var english = random.Next(4) == 0;
        var topic = random.Pick(english ? Vocabulary.EnglishTopics : Vocabulary.Topics);
        var type = random.Pick(english ? Vocabulary.EnglishTypes : Vocabulary.Types);
        var method = random.Pick(Vocabulary.Methods);
        var speciality = random.Pick(english ? Vocabulary.EnglishSpecialities : Vocabulary.Specialities);
        var name = random.Next(3) == 0 ? $"{topic} {speciality}" : $"{type} {topic} {speciality}";
        writer.WriteStartObject();
        WriteIdentity(writer, random, plan, Adorn(random, name, topic), $"{Slug.Of(name)}-{plan.Id}");
        writer.WriteString("training_type", random.Next(20) == 0 ? "Open registration" : type.ToLowerInvariant());
        PriceGenerator.Write(writer, random);
        WriteExtent(writer, random);
        writer.WritePropertyName("institute");
        writer.WriteRawValue(_institutes[plan.Institute]);
        writer.WriteString("description", DescriptionGenerator.Draw(random, topic, english));
        TableGenerator.WriteRegions(writer, random, method.Id);
        TableGenerator.WritePairs(writer, "levels", [random.Pick(Vocabulary.Levels)]);
        TableGenerator.WritePairs(writer, "methods", [method]);
        TableGenerator.WritePairs(writer, "associations", random.Next(3) == 0 ? [random.Pick(Vocabulary.Associations)] : []);
        WriteSubjects(writer, plan);
        WriteRegistries(writer, random);
        TableGenerator.WriteDates(writer, random, plan, method.Id);
        writer.WriteEndObject();
    }

    private static string Adorn(Random random, string name, string topic) => random.Next(15) switch
    {
        0 => name + " ",
        1 => name.Replace(topic, topic + "®", StringComparison.Ordinal),
        2 => name + " &amp; meer",
        3 => name + " (één dag)",
        _ => name,
    };

    private void WriteIdentity(Utf8JsonWriter writer, Random random, TrainingPlan plan, string name, string slug)
    {
        var institute = institutes[plan.Institute]["id"]!.GetValue<long>();
        var site = institutes[plan.Institute]["short_name"]!.GetValue<string>();
        var page = $"https://www.springest.nl/{site}/{slug}";
        var provider = $"https://www.{site}.example";
        var click = $"{plan.Id}/{institute}?redirect={Uri.EscapeDataString($"{provider}/{slug}")}&referrer={random.NextInt64():x16}";
        writer.WriteNumber("id", plan.Id);
        writer.WriteString("status", "published");
        writer.WriteString("modified", plan.Modified);
        writer.WriteNumber("institute_id", institute);
        writer.WriteString("name", name);
        writer.WriteString("short_name", slug);
        writer.WriteOptional("external_id", random.Next(6) == 0 ? null : $"{site[..2].ToUpperInvariant()}-{random.Next(1, 99999)}");
        writer.WriteOptional("bookings_email", random.Next(4) == 0 ? null : $"inschrijven@{site}.example");
        writer.WriteOptional("terms_and_conditions_url", random.Next(3) == 0 ? null : $"{provider}/voorwaarden");
        writer.WriteString("moments", random.Pick(["overdag", "avond", ""]));
        writer.WriteString("url", page);
        writer.WriteString("information_request_url", $"{page}/informatie-aanvragen");
        writer.WriteOptional("booking_url", random.Next(5) == 0 ? null : $"{page}/inschrijven");
        writer.WriteOptional("more_info_url", random.Next(5) == 0 ? null : $"https://www.springest.nl/conversions/registerClick/{click}");
    }

    private static void WriteExtent(Utf8JsonWriter writer, Random random)
    {
        var reviews = Math.Max(0, random.Next(-10, 60));
        var days = random.Next(1, 20) / 2m;
        writer.WriteFloat("average_rating", reviews == 0 ? null : random.Next(60, 100) / 10m);
        writer.WriteNumber("count", reviews);
        writer.WriteOptional("max_participants", random.Next(5) == 0 ? null : random.Next(4, 30));
        writer.WriteFloat("total_course_days", days);
        writer.WriteString("time_unit", "dagen");
        writer.WriteFloat("duration", days);
        writer.WriteString("duration_unit", random.Next(6) == 0 ? "weeks" : "days");
    }

    private void WriteSubjects(Utf8JsonWriter writer, TrainingPlan plan)
    {
        writer.WriteStartArray("subjects");
        foreach (var subject in plan.Subjects)
            writer.WriteRawValue(_subjects[subject]);
        writer.WriteEndArray();
    }

    private static void WriteRegistries(Utf8JsonWriter writer, Random random)
    {
        writer.WriteString("croho", random.Next(20) == 0 ? $"{random.Next(30000, 40000)}" : "");
        writer.WriteString("crebo", random.Next(20) == 0 ? $"{random.Next(20000, 30000)}" : "");
        writer.WriteString("soi", "");
    }

    private static byte[] Bytes(JsonObject record) => JsonSerializer.SerializeToUtf8Bytes(record, JsonText.Options);
}
