using System.Text.Json;
using Springest.Client;

namespace Springest.Functions.Catalogue.Records;

/// <summary>A record of the API that has an id to be stored under.</summary>
internal sealed class CatalogueRecord
{
    private CatalogueRecord(long id, JsonElement value, RawRecord raw, bool? isListed)
    {
        (Id, Value, Raw, IsListed) = (id, value, raw, isListed);
        Hash = ContentHash.Hash(value);
    }

    public long Id { get; }

    public JsonElement Value { get; }

    public RawRecord Raw { get; }

    public string Hash { get; }

    /// <summary>Whether the list of all records shows it; null if that is not known.</summary>
    public bool? IsListed { get; }

    /// <summary>Reads a record; says why not if it cannot be stored.</summary>
    public static CatalogueRecord? Read(RawRecord raw, out string problem, bool? isListed = null)
    {
        JsonElement value, id;
        try
        {
            value = JsonElement.Parse(raw.Json.Span);
            if (value.ValueKind is not JsonValueKind.Object || !value.TryGetProperty("id", out id))
            {
                problem = "has no id";
                return null;
            }
        }
        catch (JsonException)
        {
            problem = "is not JSON";
            return null;
        }
        catch (InvalidOperationException)
        {
            // Such as half a surrogate pair.
            problem = "has a field whose name is no text";
            return null;
        }

        problem = "has an id that is no number from 0 to 9223372036854775807";
        return SpringestValue.Read<long>(id) is >= 0 and var number ? new CatalogueRecord(number, value, raw, isListed) : null;
    }
}
