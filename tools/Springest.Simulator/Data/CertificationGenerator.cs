using System.Text.Json.Nodes;

namespace Springest.Simulator.Data;

/// <summary>Certifications (docs/springest-api.md, section 8.13): all verified, every other one requires <c>valid_until</c>.</summary>
internal static class CertificationGenerator
{
    private const long FirstId = 3101;

    public static void Put(Catalogue catalogue, Random random, int count)
    {
        for (var index = 0; index < count; index++)
        {
            var topic = Vocabulary.Topics[random.Next(Vocabulary.Topics.Length)];
            catalogue.Certifications.Put(new JsonObject
            {
                ["id"] = FirstId + index,
                ["name"] = $"{topic} niveau {(index % 4) + 1}",
                ["description"] = random.Next(3) == 0 ? null : $"Diploma {topic}",
                ["requires_valid_until"] = index % 2 == 0,
            });
        }
    }
}
