namespace Springest.Client;

/// <summary>A record exactly as the API sent it: one JSON value in UTF-8. The memory is the record's own and stays valid.</summary>
/// <param name="Json">The value's bytes, verbatim.</param>
/// <param name="Received">When the request for it was sent, by the client's clock; the record is at least as new as this.</param>
public sealed record RawRecord(ReadOnlyMemory<byte> Json, DateTimeOffset Received);
