using System.Text.Json;
using System.Text.Json.Serialization;

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
}
