using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json;

/// <summary><see cref="FlagConverter"/> where there is no third state: null and empty are false.</summary>
internal sealed class RequiredFlagConverter : JsonConverter<bool>
{
    private static readonly FlagConverter s_inner = new();

    public override bool HandleNull => true;

    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType != JsonTokenType.Null && (s_inner.Read(ref reader, typeToConvert, options) ?? false);

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
