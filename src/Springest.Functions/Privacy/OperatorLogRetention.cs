using Springest.Functions.Access;

namespace Springest.Functions.Privacy;

/// <summary>Removes who commanded what, two years after.</summary>
public sealed class OperatorLogRetention(OperatorLog log, TimeProvider clock) : IRetention
{
    private static readonly TimeSpan _kept = TimeSpan.FromDays(730);

    public Task<int> RemoveOldAsync(CancellationToken cancellationToken)
        => log.RemoveBeforeAsync(clock.GetUtcNow() - _kept, cancellationToken);
}
