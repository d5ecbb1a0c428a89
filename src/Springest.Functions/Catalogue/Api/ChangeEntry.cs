using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;

namespace Springest.Functions.Catalogue.Api;

/// <summary>A change of a record.</summary>
/// <param name="Id">Of the record.</param>
/// <param name="Change"><c>Created</c>, <c>Updated</c> or <c>Deleted</c>.</param>
/// <param name="ChangedAt">When the mirror was changed.</param>
/// <param name="Source">By what: <c>Crawl</c>, <c>Delta</c>, <c>Webhook</c> or <c>Erasure</c>.</param>
/// <param name="HashBefore">Hash of the content before it, if there was any.</param>
/// <param name="HashAfter">Hash of the content after it, if there is any.</param>
/// <param name="ChangedFields">The fields that differ, if both are known.</param>
public sealed record ChangeEntry(
    long Id, string Change, DateTimeOffset ChangedAt, string Source, string? HashBefore, string? HashAfter, string? ChangedFields)
{
    internal static ChangeEntry Of(TableEntity row)
        => new(
            row.GetInt64("Id") ?? 0, row.GetString("Change"), RecordEntity.Time(row, "ChangedAt"), row.GetString("Source"),
            row.GetString("HashBefore"), row.GetString("HashAfter"), row.GetString("ChangedFields"));
}
