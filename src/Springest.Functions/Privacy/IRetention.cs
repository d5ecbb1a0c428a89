namespace Springest.Functions.Privacy;

/// <summary>Something that is kept for a time. Each feature registers its own.</summary>
public interface IRetention
{
    /// <summary>
    /// Removes what is older than it is to be kept, record by record; who is stopped goes on another time with what is left.
    /// </summary>
    /// <returns>How many records were removed.</returns>
    Task<int> RemoveOldAsync(CancellationToken cancellationToken);
}
