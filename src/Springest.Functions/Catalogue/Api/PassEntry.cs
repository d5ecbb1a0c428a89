using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;

namespace Springest.Functions.Catalogue.Api;

/// <summary>What became of a pass.</summary>
/// <param name="Kind"><c>Full</c> or <c>Delta</c>.</param>
/// <param name="Started">When it began.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="Requests">Pages that it read, and records that it looked up.</param>
/// <param name="Records">Records that the list showed.</param>
/// <param name="Created">Records created.</param>
/// <param name="Updated">Records updated.</param>
/// <param name="Deleted">Records deleted.</param>
/// <param name="Missing">Records that a full pass did not show.</param>
/// <param name="Refused">Records that could not be stored.</param>
/// <param name="Skipped">Records that the API could not give.</param>
/// <param name="Stopped">Why a run of it stopped before its end, if one did.</param>
public sealed record PassEntry(
    string Kind, DateTimeOffset Started, DateTimeOffset Ended, int Requests, int Records, int Created, int Updated, int Deleted,
    int Missing, int Refused, int Skipped, string? Stopped)
{
    internal static PassEntry Of(TableEntity row)
    {
        return new(
            row.GetString("Kind"), RecordEntity.Time(row, "Started"), RecordEntity.Time(row, "Ended"),
            Number("Requests"), Number("Records"), Number("Created"), Number("Updated"), Number("Deleted"),
            Number("Missing"), Number("Refused"), Number("Skipped"), row.GetString("Stopped"));

        int Number(string column) => row.GetInt32(column) ?? 0;
    }
}
