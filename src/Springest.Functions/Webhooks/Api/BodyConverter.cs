using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Functions.Webhooks.Api;

/// <summary>
/// Writes a body as it came: it may be as deep as what is written around it leaves no room for, or no text that .NET can hold, such as half
/// a surrogate pair.
/// </summary>
internal sealed class BodyConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options)
        => writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
