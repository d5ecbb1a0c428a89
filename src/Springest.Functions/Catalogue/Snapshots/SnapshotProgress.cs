namespace Springest.Functions.Catalogue.Snapshots;

/// <summary>How far a snapshot has come.</summary>
/// <param name="Cursor">Where the changes begin that may not be in it.</param>
/// <param name="After">The key of the last row in it.</param>
/// <param name="Records">How many records are in it.</param>
/// <param name="Lost">How many could not be read.</param>
/// <param name="Lines">Blocks of the records.</param>
/// <param name="Cells">Blocks of the sheet.</param>
/// <param name="HasEnded">Whether that is all.</param>
internal sealed record SnapshotProgress(
    string Cursor, string After, int Records, int Lost, IReadOnlyList<string> Lines, IReadOnlyList<string> Cells, bool HasEnded);
