using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Springest.Client.Json;

namespace Springest.Client;

/// <summary>
/// What all records share. A field that the API leaves out, sends as null, or sends empty where a number or a date belongs, is
/// null; a list that is left out is empty. Fields that this version does not know are kept and written out again.
/// </summary>
public abstract record SpringestRecord
{
    /// <summary>The fields that this version does not know, by name; null if there are none.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? OtherFields { get; set; }

    /// <summary>Reads a record from JSON as the API writes it, such as <see cref="RawRecord.Json"/> or <see cref="ToJson"/>.</summary>
    /// <exception cref="JsonException">It is not such a record.</exception>
    public static T FromJson<T>(ReadOnlySpan<byte> json)
        where T : SpringestRecord
        => JsonSerializer.Deserialize(json, (JsonTypeInfo<T>)SpringestJson.Default.Options.GetTypeInfo(typeof(T)))
            ?? throw new JsonException("The record is null.");

    /// <summary>The record as the API writes it: all fields, those not known included.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SpringestJson.Default.Options.GetTypeInfo(GetType()));
}
