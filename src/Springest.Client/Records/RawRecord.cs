using System.Text.Json;
using Springest.Client.Json.Converters;

namespace Springest.Client;

/// <summary>A record exactly as the API sent it: one JSON value in UTF-8. The memory is the record's own and stays valid.</summary>
/// <param name="Json">The value's bytes, verbatim.</param>
/// <param name="RequestedAt">When the request for it was sent, by the client's clock; the record is at least as new as this.</param>
public sealed record RawRecord(ReadOnlyMemory<byte> Json, DateTimeOffset RequestedAt)
{
    /// <summary>The record's <c>id</c>, a number or a string that holds one; null if it has none. Looked up on each call.</summary>
    public long? Id
    {
        get
        {
            try
            {
                return FindId();
            }
            catch (InvalidOperationException)
            {
                // A name with half a surrogate pair.
                return null;
            }
        }
    }

    private long? FindId()
    {
        var reader = new Utf8JsonReader(Json.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            if (isId)
                return NumberConverter<long>.ReadNumber(ref reader);
            reader.Skip();
        }
        return null;
    }
}
