using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Springest.Client.Json;

namespace Springest.Client;

/// <summary>
/// Reads single values of a record by the rules by which records are read (docs/springest-api.md, section 3.2), for programs that
/// work on JSON. Nothing here throws, whatever it is given.
/// </summary>
public static class SpringestValue
{
    /// <summary>
    /// A number (<see cref="int"/>, <see cref="long"/>, <see cref="decimal"/>, <see cref="double"/>), a flag (<see cref="bool"/>), a day
    /// (<see cref="DateOnly"/>) or a moment (<see cref="DateTimeOffset"/>); null if the value is none.
    /// </summary>
    public static T? Read<T>(JsonElement value)
        where T : struct
        => value.Deserialize((JsonTypeInfo<T?>)SpringestJson.Default.Options.GetTypeInfo(typeof(T?)));

    /// <summary>A text, a number or a flag as text; null if the value is none.</summary>
    public static string? ReadText(JsonElement value) => value.Deserialize(SpringestJson.Default.String);

    /// <summary>The records of a list: an array's objects, those of an object keyed by index or name, or a record on its own.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object),
        JsonValueKind.Object when IsRecord(value) => [value],
        JsonValueKind.Object => value.EnumerateObject().Select(item => item.Value).Where(item => item.ValueKind == JsonValueKind.Object),
        _ => [],
    };

    /// <summary>True if the value is a list of which <see cref="Items"/> leaves out nothing.</summary>
    internal static bool IsList(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object || IsNothing(item)),
        JsonValueKind.Object => true,
        _ => IsNothing(value),
    };

    /// <summary>Null, or what XML makes of an element that holds nothing.</summary>
    internal static bool IsNothing(JsonElement value)
        => value.ValueKind == JsonValueKind.Null
            || (value.ValueKind == JsonValueKind.String && ReadText(value) is { } text && string.IsNullOrWhiteSpace(text));

    private static bool IsRecord(JsonElement value)
        => value.EnumerateObject()
            .Any(field => IsId(field) || (field.Value.ValueKind != JsonValueKind.Object && !IsNothing(field.Value)));

    private static bool IsId(JsonProperty field)
    {
        try
        {
            return field.NameEquals("id"u8);
        }
        catch (InvalidOperationException)
        {
            // The name is no text, such as half a surrogate pair.
            return false;
        }
    }
}
