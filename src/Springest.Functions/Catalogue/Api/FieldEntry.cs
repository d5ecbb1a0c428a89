using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;

namespace Springest.Functions.Catalogue.Api;

/// <summary>A field that records have had.</summary>
/// <param name="Field">Its path in a record.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Known">Whether docs/springest-api.md knows it.</param>
/// <param name="FirstSeen">When it was seen first.</param>
/// <param name="FirstSeenOn">Id of the record on which that was.</param>
public sealed record FieldEntry(string Field, string Type, bool Known, DateTimeOffset FirstSeen, long FirstSeenOn)
{
    internal static FieldEntry Of(TableEntity row)
        => new(
            row.GetString("Field"), row.GetString("Type"), row.GetBoolean("Known") ?? false, RecordEntity.Time(row, "FirstSeen"),
            row.GetInt64("FirstSeenOn") ?? 0);
}
