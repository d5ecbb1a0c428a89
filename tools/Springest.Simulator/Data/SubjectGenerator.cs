namespace Springest.Simulator.Data;

/// <summary>Subjects: a topic, alone or with a speciality; no two have the same name until the words run out.</summary>
internal static class SubjectGenerator
{
    private const long FirstId = 9101;

    public static IReadOnlyList<SubjectSeed> Draw(Random random, int count)
    {
        var subjects = new List<SubjectSeed>(count);
        for (var index = 0; index < count; index++)
            subjects.Add(new SubjectSeed(FirstId + index, random.Next(Vocabulary.Categories.Length), Name(random, index)));
        return subjects;
    }

    private static string Name(Random random, int index)
    {
        var topic = Vocabulary.Topics[index % Vocabulary.Topics.Length];
        var round = index / Vocabulary.Topics.Length;
        var name = round == 0 ? topic : $"{topic} {Vocabulary.Specialities[(round - 1) % Vocabulary.Specialities.Length]}";
        if (round > Vocabulary.Specialities.Length)
            name += $" {round / Vocabulary.Specialities.Length}";
        return random.Next(12) switch
        {
            0 => name + " ",
            1 => name + " &amp; organiseren",
            _ => name,
        };
    }
}
