namespace Springest.Functions.Quota.Counter;

/// <summary>Where the window of one site and key is kept.</summary>
internal interface IQuotaStore
{
    /// <summary>The stored window, none if there never was one, and the date of the answer.</summary>
    Task<(StoredWindow? Window, DateTimeOffset Date)> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Writes a window in place of the one that it was made from, if any. False if another write came first.</summary>
    Task<bool> TryWriteAsync(SlidingWindow window, StoredWindow? read, CancellationToken cancellationToken);
}
