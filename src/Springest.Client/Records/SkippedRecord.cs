namespace Springest.Client;

/// <summary>What stood in a list as a record but cannot be read as one, such as an object without an id.</summary>
/// <param name="Position">Its place in the whole list, counted from 0.</param>
/// <param name="Json">What came, as JSON in UTF-8.</param>
public sealed record SkippedRecord(int Position, ReadOnlyMemory<byte> Json);
