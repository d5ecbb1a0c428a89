using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>A page that has been applied.</summary>
/// <param name="Offset">Where it began.</param>
/// <param name="Items">How many items were on it, whatever they were: the next page begins so much later.</param>
/// <param name="Total">The total that it named.</param>
/// <param name="Ids">The records on it that can be stored.</param>
/// <param name="Counts">What became of all of them.</param>
/// <param name="Skipped">How many of them the API could not give.</param>
internal sealed record Checkpoint(int Offset, int Items, long? Total, IReadOnlyList<long> Ids, RecordCounts Counts, int Skipped = 0);
