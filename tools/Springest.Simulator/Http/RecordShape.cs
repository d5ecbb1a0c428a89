using System.Text.Json;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Data;

namespace Springest.Simulator.Http;

/// <summary>
/// Records as one key sees them; trainings complete or shortened as in lists (docs/springest-api.md, sections 7, 8.1 and 10).
/// </summary>
internal sealed class RecordShape
{
    private readonly Behaviour _behaviour;
    private readonly bool _training;
    private readonly bool _full;
    private readonly HashSet<string> _hidden = [];
    private readonly HashSet<string>? _only;
    private readonly bool _asIs;

    private RecordShape(Call call, bool training, bool full)
    {
        (_behaviour, _training, _full) = (call.Behaviour, training, full);
        if (training)
            _hidden.UnionWith(call.Key.HiddenFields);
        if (training && !full)
            _hidden.UnionWith(_behaviour.OnlyInFull);
        if (_behaviour.LegacyRoutes && call.Parameter("fields") is { } fields)
            _only = [.. fields.Split(',')];
        var unchanged = !training || (full && !_behaviour.NumericPrices && _behaviour.ReviewCountField == "count");
        _asIs = unchanged && _hidden.Count == 0 && _only is null && !_behaviour.IdsAsStrings;
    }

    public static RecordShape Of(Call call) => new(call, training: false, full: true);

    public static RecordShape OfTraining(Call call, bool full) => new(call, training: true, full);

    public void Write(Utf8JsonWriter writer, Record record)
    {
        if (_asIs)
        {
            writer.WriteRawValue(record.Json.Span, skipInputValidation: true);
            return;
        }

        using var document = JsonDocument.Parse(record.Json);
        writer.WriteStartObject();
        foreach (var field in document.RootElement.EnumerateObject())
        {
            if (!_hidden.Contains(field.Name) && _only?.Contains(field.Name) != false)
                WriteField(writer, field);
        }

        writer.WriteEndObject();
    }

    private void WriteField(Utf8JsonWriter writer, JsonProperty field)
    {
        switch (field.Name)
        {
            case "id" when _behaviour.IdsAsStrings:
                writer.WriteString("id", field.Value.GetRawText());
                break;
            case "description" when _training && !_full && field.Value.ValueKind == JsonValueKind.String:
                writer.WriteString("description", Shorten(field.Value.GetString()!));
                break;
            case "price" when _training && _behaviour.NumericPrices && field.Value.ValueKind == JsonValueKind.String:
                writer.WritePropertyName("price");
                writer.WriteRawValue(field.Value.GetString()!);
                break;
            case "count" when _training:
                writer.WritePropertyName(_behaviour.ReviewCountField);
                field.Value.WriteTo(writer);
                break;
            default:
                field.WriteTo(writer);
                break;
        }
    }

    // Cut in the middle of a tag or an entity too, only never in the middle of a character.
    private string Shorten(string html)
    {
        var length = _behaviour.DescriptionLength;
        if (html.Length <= length)
            return html;
        return string.Concat(html.AsSpan(0, length > 0 && char.IsHighSurrogate(html[length - 1]) ? length - 1 : length), "...");
    }
}
