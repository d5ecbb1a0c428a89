using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Springest.Client.Tests;

/// <summary>Compares JSON by what it says: numbers and texts of numbers alike, times by the moment.</summary>
internal static class JsonText
{
    /// <summary>
    /// The fields of <paramref name="expected"/> that <paramref name="actual"/> lacks or says otherwise, each with its path.
    /// </summary>
    public static IEnumerable<string> Missing(JsonNode? expected, JsonNode? actual, string path = "$")
        => expected switch
        {
            JsonObject fields => fields.SelectMany(field =>
                actual is JsonObject other && other.ContainsKey(field.Key)
                    ? Missing(field.Value, other[field.Key], $"{path}.{field.Key}")
                    : [$"{path}.{field.Key} is missing"]),
            JsonArray items => actual is JsonArray others && others.Count == items.Count
                ? items.SelectMany((item, index) => Missing(item, others[index], $"{path}[{index}]"))
                : [$"{path} is another list"],
            _ => Plain(expected) == Plain(actual)
                ? []
                : [$"{path} was {expected?.ToJsonString() ?? "null"}, is {actual?.ToJsonString() ?? "null"}"],
        };

    private static string? Plain(JsonNode? value)
    {
        if (value is null || value.GetValueKind() is JsonValueKind.Null)
            return null;
        var text = value.ToString();
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return number.ToString("0.############", CultureInfo.InvariantCulture);
        return text.Length > 10 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time)
            ? time.UtcDateTime.ToString("O")
            : text;
    }
}
