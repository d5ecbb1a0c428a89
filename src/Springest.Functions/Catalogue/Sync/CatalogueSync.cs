using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Snapshots;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Hosting;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// Keeps the mirror up to date, one tick at a time: takes the lease, begins or goes on with a pass, and leaves it where it can be
/// resumed.
/// </summary>
public sealed partial class CatalogueSync(
    SpringestClients clients,
    CatalogueStore store,
    IOptions<MirrorOptions> options,
    IOptionsMonitor<ResourceOptions> intervals,
    MirrorMetrics metrics,
    StoppableWork work,
    TimeProvider clock,
    ILogger<CatalogueSync> logger)
{
    private readonly MirrorOptions _options = options.Value;

    private MirrorUpkeep Upkeep => new(store, _options, clock, logger);

    /// <summary>Works on one resource of every site, side by side. A site that fails does not stop the others.</summary>
    /// <exception cref="AggregateException">What failed, by site.</exception>
    public Task CrawlAsync(ResourceDescription resource, CancellationToken cancellationToken)
        => work.RunAsync(
            async (stop, end) =>
            {
                Task ticks = Task.WhenAll(clients.Sites.Select(site => TickAsync(new MirrorScope(site, resource), stop, end)));
                await ticks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (ticks.Exception is { } failures)
                    throw new AggregateException($"Mirroring {resource.Name} failed.", failures.InnerExceptions);
            },
            cancellationToken);

    /// <summary>Works on one resource of one site.</summary>
    /// <param name="scope">Which.</param>
    /// <param name="stop">Has it begin nothing more, and apply what it is fetching.</param>
    /// <param name="cancellationToken">Cuts it off. What it has not written down is fetched again.</param>
    public async Task<SyncOutcome> TickAsync(MirrorScope scope, CancellationToken stop, CancellationToken cancellationToken = default)
    {
        SyncOutcome? outcome = null;
        try
        {
            outcome = await LeaseAndWorkAsync(scope, stop, cancellationToken);
            return outcome.Value;
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
                metrics.Ran(scope, outcome);
        }
    }

    private async Task<SyncOutcome> LeaseAndWorkAsync(MirrorScope scope, CancellationToken stop, CancellationToken cancellationToken)
    {
        if (stop.IsCancellationRequested)
            return SyncOutcome.Unfinished;
        if (!await IsDueAsync(scope, cancellationToken))
            return SyncOutcome.NotDue;
        if (await store.TryAcquireLeaseAsync(scope, _options.LeaseDuration, cancellationToken) is not { } lease)
        {
            Log.Busy(logger, scope.Site, scope.Resource.Name);
            return SyncOutcome.Busy;
        }

        try
        {
            var (outcome, problem) = await WorkAsync(lease, stop, cancellationToken);
            // What is not done by a run that is stopped is no problem, and what was one before it may still be.
            if (!stop.IsCancellationRequested)
                (lease.State.Problem, lease.State.KeyRejected) = (
                    problem ?? Incomplete(lease.State) ?? Upkeep.Late(lease.State, clock.GetUtcNow()), false);
            lease.State.NextDue = NextDue(lease.State, scope.Resource);
            return outcome;
        }
        catch (LeaseLostException)
        {
            Log.LeaseLost(logger, scope.Site, scope.Resource.Name);
            return SyncOutcome.Busy;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            lease.State.Problem =
                failure is SpringestException ? failure.Message : $"The run failed ({failure.GetType().Name}). The log says more.";
            lease.State.KeyRejected = failure is SpringestException { Status: HttpStatusCode.Unauthorized };
            throw;
        }
        finally
        {
            // Also when the host is going down: the next run need not wait for the lease to expire.
            await lease.ReleaseAsync(CancellationToken.None);
        }
    }

    /// <summary>Whether it is worth taking the lease: in few requests, as most ticks find nothing to do.</summary>
    private async Task<bool> IsDueAsync(MirrorScope scope, CancellationToken cancellationToken)
        => await store.FindStateAsync(scope, cancellationToken) is not { LeaseOwner: null } state
        || Upkeep.IsUrgent(state)
        || (!state.Paused && (state.SnapshotDue || clock.GetUtcNow() + SyncSchedule.Soon >= NextDue(state, scope.Resource)))
        || await store.Commands(scope).AreThereAsync(cancellationToken);

    private DateTimeOffset NextDue(SyncStateEntity state, ResourceDescription resource)
        => SyncSchedule.NextDue(state, resource, intervals.Get(resource.Name), _options, clock.GetUtcNow());

    /// <summary>What is wrong if the last full pass did not show all there is; null if it did, or nearly.</summary>
    private static string? Incomplete(SyncStateEntity state)
        => state.FullCompleted is { } at && !(state.ProofCompleted >= at)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The full pass that ended at {at:u} did not show {state.Unread} records of those that the list said there are. "
                    + $"What it did not show does not count as missing, and it is tried again. The log says more.")
            : null;

    /// <returns>How the run ended, and what was wrong with it.</returns>
    private async Task<(SyncOutcome Outcome, string? Problem)> WorkAsync(
        SyncLease lease, CancellationToken stop, CancellationToken cancellationToken)
    {
        var state = lease.State;
        await store.Commands(lease.Scope).ExecuteAsync(lease, store.Marker(lease.Scope), cancellationToken);
        using var timeBudget = new CancellationTokenSource(_options.TimeBudget, clock);
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(timeBudget.Token, stop);
        var urgent = Upkeep.IsUrgent(state) ? await Upkeep.WriteSnapshotAsync(lease, budget.Token, cancellationToken) : null;
        if (state.Paused)
            return (SyncOutcome.NotDue, urgent);
        await BeginAsync(lease, again: false, cancellationToken);
        if (state.PassId is null)
            return (SyncOutcome.NotDue, urgent ?? await Upkeep.WriteSnapshotAsync(lease, budget.Token, cancellationToken));
        var (outcome, problem) = await RunPassAsync(lease, budget.Token, cancellationToken);
        // What could not be done at first may have been after the pass.
        return (outcome, problem ?? (Upkeep.IsUrgent(state) ? urgent : null));
    }

    private async Task BeginAsync(SyncLease lease, bool again, CancellationToken cancellationToken)
    {
        var resource = lease.Scope.Resource;
        if (SyncSchedule.Begin(lease.State, resource, intervals.Get(resource.Name), _options, clock.GetUtcNow(), again) is not { } kind)
            return;
        Log.Begun(logger, lease.Scope.Site, resource.Name, kind);
        await lease.SaveAsync(cancellationToken);
    }

    /// <summary>Works on the pass in progress, on the one that was parked for it, and on what is due by then.</summary>
    private async Task<(SyncOutcome Outcome, string? Problem)> RunPassAsync(
        SyncLease lease, CancellationToken budget, CancellationToken cancellationToken)
    {
        var (state, scope) = (lease.State, lease.Scope);
        string? problem = null;
        try
        {
            while (state.PassId is not null)
            {
                var priority = state.PassKind == nameof(PassKind.Delta) ? QuotaClass.Delta : QuotaClass.FullPass;
                using var pass = new SyncPass(clients.For(scope.Site, priority), store, lease, _options, clock, logger);
                if (!await pass.RunAsync(budget, cancellationToken))
                    return (SyncOutcome.Unfinished, problem);
                problem = await Upkeep.WriteSnapshotAsync(lease, budget, cancellationToken);
                await Upkeep.PruneAsync(lease, budget, cancellationToken);
                if (!budget.IsCancellationRequested)
                    await BeginAsync(lease, again: true, cancellationToken);
            }

            return (SyncOutcome.Completed, problem);
        }
        catch (SpringestException failure)
        {
            if (!failure.RateLimited && !failure.IsTransient)
                throw;
            // Want of quota is no problem: the pass goes on when there is some.
            problem = failure.RateLimited || failure.OverServerRate ? null : failure.Message;
            state.PassStopped = failure.Message;
            Log.Interrupted(logger, scope.Site, scope.Resource.Name, state.PassOffset, state.PassTotal, failure.Message);
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Log.OutOfTime(logger, scope.Site, scope.Resource.Name, state.PassOffset, state.PassTotal);
        }

        return (SyncOutcome.Unfinished, problem);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Site} {Resource}: skipped, another instance holds the lease")]
        public static partial void Busy(ILogger logger, string site, string resource);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: lease lost to another instance")]
        public static partial void LeaseLost(ILogger logger, string site, string resource);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Site} {Resource}: a {Kind} pass begins")]
        public static partial void Begun(ILogger logger, string site, string resource, PassKind kind);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "{Site} {Resource}: interrupted at {Offset} of {Total}, the next tick goes on. {Reason}"
        )]
        public static partial void Interrupted(ILogger logger, string site, string resource, int offset, long? total, string reason);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "{Site} {Resource}: out of time at {Offset} of {Total}, the next tick goes on"
        )]
        public static partial void OutOfTime(ILogger logger, string site, string resource, int offset, long? total);
    }
}
