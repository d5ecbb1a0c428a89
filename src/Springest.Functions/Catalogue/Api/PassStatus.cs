using Springest.Functions.Catalogue.State;

namespace Springest.Functions.Catalogue.Api;

/// <summary>How far a pass has come.</summary>
/// <param name="Kind">What it reads.</param>
/// <param name="Started">When it began.</param>
/// <param name="Pages">Pages applied.</param>
/// <param name="Read">Records on those pages.</param>
/// <param name="Total">Records there are, as the newest page says; null before the first.</param>
/// <param name="Created">Records created.</param>
/// <param name="Updated">Records updated.</param>
/// <param name="Refused">Records that could not be stored.</param>
/// <param name="IsRunning">True if a run is at work on it, false if it waits for the next tick.</param>
public sealed record PassStatus(
    PassKind Kind, DateTimeOffset Started, int Pages, int Read, long? Total, int Created, int Updated, int Refused, bool IsRunning);
