namespace Springest.Functions.Catalogue.Sync;

/// <summary>How far the reading of an institute's trainings has come.</summary>
/// <param name="Started">When the first page was asked for.</param>
/// <param name="Offset">Where to go on: all before it is applied.</param>
/// <param name="Total">How many trainings the list had; with another number, it has to be read from its beginning.</param>
public sealed record ImportCheckpoint(DateTimeOffset Started, int Offset, long? Total);
