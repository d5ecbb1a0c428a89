using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Springest.Functions.Catalogue.Records;

/// <summary>The hash by which records are compared: the order of keys, white space and the way of escaping do not count.</summary>
internal static class ContentHash
{
    /// <summary>The first 128 bits of the canonical form's SHA-256, as 32 hexadecimal digits.</summary>
    public static string Hash(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        try
        {
            using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
            Write(value, writer);
        }
        catch (InvalidOperationException)
        {
            // A string that is no text, such as half a surrogate pair: it has one form only, its own.
            buffer.ResetWrittenCount();
            buffer.Write(System.Text.Encoding.UTF8.GetBytes(value.GetRawText()));
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan).AsSpan(0, 16));
    }

    private static void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
