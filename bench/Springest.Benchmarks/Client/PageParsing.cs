using System.Text.Json;
using System.Text.Json.Serialization;
using Springest.Client;
using Springest.Client.Json;
using Springest.Client.Reading;

namespace Springest.Benchmarks.Client;

/// <summary>A page of trainings, read by the client's own way and by System.Text.Json as anybody would, into the same records.</summary>
internal sealed class PageParsing(byte[] page)
{
    private static readonly JsonSerializerOptions s_bare = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    public int WithClient()
        => ListReader.Read(new Answer(page, page.Length, truncated: false), "trainings", offset: 0, SpringestJson.Default.Training,
            training => training.Id).Items.Count;

    public int WithBareJson() => JsonSerializer.Deserialize<Page>(page, s_bare)!.Trainings.Count;

    private sealed record Page(Meta Meta, List<Training> Trainings);

    private sealed record Meta(int Results, int Offset);
}
