using Azure;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.State;

/// <summary>
/// The right to work on one resource of one site. Whether it has expired is told by the storage service's clock alone: the row's
/// time stamp against the answer's date. The holder measures from before its last write, so it always gives up first.
/// </summary>
internal sealed class SyncLease
{
    private readonly TableClient _table;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _duration;
    private readonly string _owner = Guid.NewGuid().ToString("N");
    private long _written;

    private SyncLease(TableClient table, MirrorScope scope, SyncStateEntity state, TimeProvider clock, TimeSpan duration)
        => (_table, Scope, State, _clock, _duration) = (table, scope, state, clock, duration);

    /// <summary>What it is for.</summary>
    public MirrorScope Scope { get; }

    public SyncStateEntity State { get; }

    /// <summary>How long ago the lease was last renewed.</summary>
    public TimeSpan Age => _clock.GetElapsedTime(_written);

    /// <summary>Takes the lease; null if another holds it, or a later version of the app has written the state.</summary>
    public static async Task<SyncLease?> TryAcquireAsync(
        TableClient table, MirrorScope scope, TimeProvider clock, TimeSpan duration, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<SyncStateEntity>(
            scope.Site, scope.Resource.Name, cancellationToken: cancellationToken);
        var state = found.HasValue ? found.Value! : new SyncStateEntity { PartitionKey = scope.Site, RowKey = scope.Resource.Name };
        var hasExpired = found.GetRawResponse().Headers.Date - state.Timestamp > duration;
        if ((state.LeaseOwner is not null && !hasExpired) || state.Format > SyncStateEntity.LatestFormat)
            return null;

        var lease = new SyncLease(table, scope, state, clock, duration);
        (state.LeaseOwner, state.Format) = (lease._owner, SyncStateEntity.LatestFormat);
        state.Fence++;
        return await lease.TryWriteAsync(isNew: !found.HasValue, cancellationToken) ? lease : null;
    }

    /// <summary>Writes the state, which renews the lease.</summary>
    /// <exception cref="LeaseLostException">Another has taken over.</exception>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (!await TryWriteAsync(isNew: false, cancellationToken))
            throw new LeaseLostException();
    }

    /// <summary>A sign of life from work that writes no state for long.</summary>
    /// <exception cref="LeaseLostException">Another has taken over.</exception>
    public Task KeepAsync(CancellationToken cancellationToken) => Age > _duration / 4 ? SaveAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Waits for what may take longer than the lease lasts.</summary>
    /// <param name="work">What is waited for.</param>
    /// <param name="signOfLife">Called now and then meanwhile. Should it fail, that shows when something is written.</param>
    public async Task<T> WhileAsync<T>(Task<T> work, Func<Task> signOfLife)
    {
        while (!work.IsCompleted)
        {
            using var enough = new CancellationTokenSource();
            await Task.WhenAny(work, Task.Delay(_duration / 4, _clock, enough.Token));
            await enough.CancelAsync();
            await signOfLife().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await work;
    }

    /// <summary>Fails if the lease may have passed to another.</summary>
    /// <exception cref="LeaseLostException">It has not been renewed in time.</exception>
    public void Check()
    {
        if (Age > _duration * 0.8)
            throw new LeaseLostException();
    }

    /// <summary>Writes the state and gives the lease up.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        State.LeaseOwner = null;
        try
        {
            await TryWriteAsync(isNew: false, cancellationToken);
        }
        // The second: several tries, none of which got through.
        catch (Exception failure) when (failure is RequestFailedException or AggregateException)
        {
            // Storage is not to be reached: the lease expires by itself.
        }
    }

    private async Task<bool> TryWriteAsync(bool isNew, CancellationToken cancellationToken)
    {
        var before = _clock.GetTimestamp();
        try
        {
            var answer = isNew
                ? await _table.AddEntityAsync(State, cancellationToken)
                : await _table.UpdateEntityAsync(State, State.ETag, TableUpdateMode.Replace, cancellationToken);
            State.ETag = answer.Headers.ETag!.Value;
        }
        catch (RequestFailedException failure) when (failure.Status is 409 or 412)
        {
            return await IsOursAsync(cancellationToken) && await TryWriteAsync(isNew: false, cancellationToken);
        }

        _written = before;
        return true;
    }

    /// <summary>A write whose answer was lost was tried again, and refused because it had succeeded.</summary>
    private async Task<bool> IsOursAsync(CancellationToken cancellationToken)
    {
        var found = await _table.FindAsync<SyncStateEntity>(State.PartitionKey, State.RowKey, cancellationToken);
        if (found?.LeaseOwner != _owner)
            return false;
        State.ETag = found.ETag;
        return true;
    }
}
