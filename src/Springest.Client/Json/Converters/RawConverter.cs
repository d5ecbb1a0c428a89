using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json.Converters;

/// <summary>A value as it came, which may be no text that .NET can hold, such as half a surrogate pair.</summary>
internal sealed class RawConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options)
        => writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
}
