namespace Springest.Functions.Storage;

/// <summary>Tables or containers that must be there before anything is done with them.</summary>
public interface IStoragePart
{
    /// <summary>Makes those that are missing.</summary>
    Task CreateAsync(CancellationToken cancellationToken);
}
