using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Springest.Client.Json;

namespace Springest.Client;

/// <summary>
/// What all records share. A field that the API leaves out, sends as null, or sends as something that it cannot be, is null; a list
/// that is left out is empty. Nothing that was sent is lost: what has no property, or does not fit into it, is kept and written out again.
/// </summary>
public abstract record SpringestRecord
{
    /// <summary>
    /// The fields that this version does not know and, as sent, the values that their properties cannot hold: <c>price</c> with
    /// <c>"op aanvraag"</c> while <see cref="Training.Price"/> is null. Null if there are none.
    /// </summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? OtherFields { get; set; }

    /// <summary>Reads a record from JSON as the API writes it, such as <see cref="RawRecord.Json"/> or <see cref="ToJson"/>.</summary>
    /// <exception cref="JsonException">It is not JSON, or not an object.</exception>
    public static T FromJson<T>(ReadOnlySpan<byte> json)
        where T : SpringestRecord
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A record must be an object.");
        var record = OddValues.Read(ref reader, (JsonTypeInfo<T>)SpringestJson.Default.Options.GetTypeInfo(typeof(T)));
        // Whatever stands behind the record makes the reader throw.
        reader.Read();
        return record!;
    }

    /// <summary>The record as the API writes it: all fields, those in <see cref="OtherFields"/> included.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SpringestJson.Writing.GetTypeInfo(GetType()));
}
