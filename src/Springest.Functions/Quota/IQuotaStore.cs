using Azure;

namespace Springest.Functions.Quota;

/// <summary>Where the ring of one site and key is kept.</summary>
internal interface IQuotaStore
{
    /// <summary>The stored ring, or none, and the date of the answer.</summary>
    Task<(byte[]? Ring, ETag ETag, DateTimeOffset Date)> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Writes the ring in place of the one read. Gives the date of the answer, or null if another write came first.</summary>
    /// <param name="ring">The new ring.</param>
    /// <param name="etag">The tag of the ring read; default if there was none.</param>
    /// <param name="cancellationToken">Cancels the wait, not necessarily the write.</param>
    Task<DateTimeOffset?> TryWriteAsync(byte[] ring, ETag etag, CancellationToken cancellationToken);
}
