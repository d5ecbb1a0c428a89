using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue;

/// <summary>Keeps the mirror up to date, one tick at a time: takes the run lock, begins or goes on with a pass, and leaves it where it can be resumed.</summary>
public sealed partial class CatalogueCrawler(
    SpringestClients clients, CatalogueStore store, IOptions<MirrorOptions> options, IOptionsMonitor<ResourceOptions> intervals, MirrorMetrics metrics,
    TimeProvider clock, ILogger<CatalogueCrawler> logger)
{
    private readonly MirrorOptions _options = options.Value;

    /// <summary>Works on one resource of every site, side by side. A site that fails does not stop the others.</summary>
    /// <exception cref="AggregateException">What failed, by site.</exception>
    public async Task CrawlAsync(ResourceDescription description, CancellationToken cancellationToken)
    {
        Task ticks = Task.WhenAll(clients.Sites.Select(site => TickAsync(site, description, cancellationToken)));
        await ticks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (ticks.Exception is { } failures)
            throw new AggregateException($"Mirroring {description.Name} failed.", failures.InnerExceptions);
    }

    /// <summary>Works on one resource of one site.</summary>
    public async Task<TickOutcome> TickAsync(string site, ResourceDescription description, CancellationToken cancellationToken)
    {
        TickOutcome? outcome = null;
        try
        {
            outcome = await LockAndWorkAsync(site, description, cancellationToken);
            return outcome.Value;
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
                metrics.Ran(site, description.Name, outcome);
        }
    }

    private async Task<TickOutcome> LockAndWorkAsync(string site, ResourceDescription description, CancellationToken cancellationToken)
    {
        if (await store.TryLockAsync(site, description, _options.LockDuration, cancellationToken) is not { } runLock)
        {
            Log.Busy(logger, site, description.Name);
            return TickOutcome.Busy;
        }

        try
        {
            runLock.State.Problem = null;
            return await WorkAsync(runLock, site, description, cancellationToken);
        }
        catch (SpringestException failure)
        {
            Note(runLock.State, failure);
            throw;
        }
        catch (RunLockLostException)
        {
            Log.LockLost(logger, site, description.Name);
            return TickOutcome.Busy;
        }
        finally
        {
            // Also when the host is going down: the next run need not wait for the lock to expire.
            await runLock.ReleaseAsync(CancellationToken.None);
        }
    }

    private async Task<TickOutcome> WorkAsync(RunLock runLock, string site, ResourceDescription description, CancellationToken cancellationToken)
    {
        var state = runLock.State;
        var records = store.Records(site, description);
        await store.Orders(site, description).CarryOutAsync(runLock, records, cancellationToken);
        if (state.Paused)
            return TickOutcome.NotDue;
        await ExportAsync(runLock, site, description, cancellationToken);
        await BeginAsync(runLock, site, description, again: false, cancellationToken);
        return state.PassId is null ? TickOutcome.NotDue : await RunPassAsync(runLock, site, description, records, cancellationToken);
    }

    private async Task BeginAsync(RunLock runLock, string site, ResourceDescription description, bool again, CancellationToken cancellationToken)
    {
        if (PassPlan.Begin(runLock.State, description, intervals.Get(description.Name), clock.GetUtcNow(), again) is not { } kind)
            return;
        Log.Begun(logger, site, description.Name, kind);
        await runLock.SaveAsync(cancellationToken);
    }

    /// <summary>Works on the pass in progress, on the one that was parked for it, and on what is due by then.</summary>
    private async Task<TickOutcome> RunPassAsync(
        RunLock runLock, string site, ResourceDescription description, RecordTable records, CancellationToken cancellationToken)
    {
        var state = runLock.State;
        var client = clients.For(site, QuotaClass.Catalogue);
        using var budget = new CancellationTokenSource(_options.TimeBudget, clock);
        try
        {
            while (state.PassId is not null)
            {
                using var pass = new CataloguePass(
                    client, records, store.Pages(site, description), store.Fields(site, description), runLock, description, _options, clock, logger);
                var whole = await pass.RunAsync(budget.Token, cancellationToken);
                await ExportAsync(runLock, site, description, cancellationToken);
                // What is not whole is left to a later tick: the same may be wrong again at once.
                if (whole && !budget.IsCancellationRequested)
                    await BeginAsync(runLock, site, description, again: true, cancellationToken);
            }

            return TickOutcome.Completed;
        }
        catch (SpringestException failure) when (failure.RateLimited || failure.IsTransient)
        {
            Note(state, failure);
            Log.Interrupted(logger, site, description.Name, state.PassOffset, state.PassTotal, failure.Message);
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Log.OutOfTime(logger, site, description.Name, state.PassOffset, state.PassTotal);
        }

        return TickOutcome.Paused;
    }

    /// <summary>After a full pass; again by the next tick if a run has died at it.</summary>
    private async Task ExportAsync(RunLock runLock, string site, ResourceDescription description, CancellationToken cancellationToken)
    {
        if (!runLock.State.ExportDue)
            return;
        await store.Export(site, description).WriteAsync(_options.ExportsKept, KeepLockAsync, cancellationToken);
        runLock.State.ExportDue = false;
        await runLock.SaveAsync(cancellationToken);

        Task KeepLockAsync()
        {
            runLock.Check();
            return runLock.Age > _options.LockDuration / 4 ? runLock.SaveAsync(cancellationToken) : Task.CompletedTask;
        }
    }

    private static void Note(MirrorStateEntity state, SpringestException failure)
    {
        state.Problem = failure.Message;
        state.PassFailures += StubbornPage.IsOfTheRecord(failure) ? 1 : 0;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Site} {Resource}: another run is at work")]
        public static partial void Busy(ILogger logger, string site, string resource);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: another run has taken over")]
        public static partial void LockLost(ILogger logger, string site, string resource);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Site} {Resource}: a {Kind} pass begins")]
        public static partial void Begun(ILogger logger, string site, string resource, PassKind kind);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Site} {Resource}: interrupted at {Offset} of {Total}, the next tick goes on. {Reason}")]
        public static partial void Interrupted(ILogger logger, string site, string resource, int offset, long? total, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Site} {Resource}: out of time at {Offset} of {Total}, the next tick goes on")]
        public static partial void OutOfTime(ILogger logger, string site, string resource, int offset, long? total);
    }
}
