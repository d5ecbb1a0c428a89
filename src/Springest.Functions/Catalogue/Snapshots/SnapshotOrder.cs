namespace Springest.Functions.Catalogue.Snapshots;

/// <summary>A snapshot that is to be written.</summary>
/// <param name="Begun">When it was begun; this names its folder.</param>
/// <param name="Run">Who writes it, by the number of the lease.</param>
/// <param name="Keep">How many snapshots to keep.</param>
/// <param name="Unread">Records that the pass before it could not read.</param>
internal sealed record SnapshotOrder(DateTimeOffset Begun, long Run, int Keep, int Unread);
