using System.Text.Json;
using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>A training as one key sees it, complete or shortened as in lists (contract, sections 7 and 8.1).</summary>
internal sealed class TrainingShape(SimulatorKey key, bool full)
{
    public const int DescriptionLength = 700;

    private static readonly HashSet<string> OnlyInFull = ["starting_dateplaces", "additional_costs", "associations"];

    public void Write(Utf8JsonWriter writer, Record training)
    {
        if (full && key.HiddenFields.Count == 0)
        {
            writer.WriteRawValue(training.Json.Span, skipInputValidation: true);
            return;
        }

        using var document = JsonDocument.Parse(training.Json);
        writer.WriteStartObject();
        foreach (var field in document.RootElement.EnumerateObject())
        {
            if (key.HiddenFields.Contains(field.Name) || (!full && OnlyInFull.Contains(field.Name)))
                continue;
            if (!full && field.Name == "description" && field.Value.ValueKind == JsonValueKind.String)
                writer.WriteString("description", Shorten(field.Value.GetString()!));
            else
                field.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    // Cut in the middle of a tag or an entity too, only never in the middle of a character.
    private static string Shorten(string html)
    {
        if (html.Length <= DescriptionLength)
            return html;
        var length = char.IsHighSurrogate(html[DescriptionLength - 1]) ? DescriptionLength - 1 : DescriptionLength;
        return string.Concat(html.AsSpan(0, length), "...");
    }
}
