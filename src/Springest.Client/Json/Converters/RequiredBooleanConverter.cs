using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json.Converters;

/// <summary><see cref="BooleanConverter"/> where there is no third state: what is no boolean is false.</summary>
internal sealed class RequiredBooleanConverter : JsonConverter<bool>
{
    private static readonly BooleanConverter s_inner = new();

    public override bool HandleNull => true;

    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType != JsonTokenType.Null && (s_inner.Read(ref reader, typeToConvert, options) ?? false);

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
