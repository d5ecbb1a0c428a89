using Azure.Data.Tables;

namespace Springest.Functions.Catalogue.Records;

/// <summary>What a row says of its record's absence from the list.</summary>
/// <param name="Since">When the pass began that was the first to miss it.</param>
/// <param name="Unlisted">When it was last found all the same: a record that the API gives, but no list shows.</param>
internal readonly record struct MissingMark(DateTimeOffset? Since, DateTimeOffset? Unlisted)
{
    public static MissingMark Of(TableEntity row)
        => new(row.GetDateTimeOffset(RecordEntity.MissingSince), row.GetDateTimeOffset(RecordEntity.UnlistedAt));
}
