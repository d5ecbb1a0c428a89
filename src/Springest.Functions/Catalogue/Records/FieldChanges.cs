using System.Text.Json;
using Springest.Functions.Text;

namespace Springest.Functions.Catalogue.Records;

/// <summary>What an update changed.</summary>
internal static class FieldChanges
{
    /// <summary>Names of the fields at the record's top level that differ, joined by commas.</summary>
    public static string Between(BinaryData before, JsonElement after)
    {
        try
        {
            var old = JsonElement.Parse(before.ToMemory().Span);
            var names = Names(old).Union(Names(after)).Where(name => !AreEqual(Find(old, name), Find(after, name)));
            return StoredText.Cut(string.Join(',', names), 4_000);
        }
        catch (Exception failure) when (failure is InvalidOperationException or JsonException)
        {
            // A name that is no text, such as half a surrogate pair.
            return "";
        }
    }

    private static IEnumerable<string> Names(JsonElement record) => record.EnumerateObject().Select(property => property.Name);

    private static JsonElement? Find(JsonElement record, string name) => record.TryGetProperty(name, out var value) ? value : null;

    private static bool AreEqual(JsonElement? one, JsonElement? other)
        => one is null || other is null ? one is null && other is null : ContentHash.Hash(one.Value) == ContentHash.Hash(other.Value);
}
