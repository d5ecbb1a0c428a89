using Springest.Functions.Catalogue.Resources;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// Look-ups of records that are listed, by all who want to know whether the 404 of another one is to be believed. One is enough for
/// everybody who asks while it is under way, and for a minute; or, of those who need one that begins later than they ask, for all who ask
/// until it begins, which it does when the one before has ended.
/// </summary>
internal sealed class ControlReads(TimeProvider clock)
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);

    // Apart, as a pass waits longer for its quota.
    private readonly Dictionary<(string Partition, bool FromNow), Control> _last = [];

    /// <summary>A listed record that is not found either; null if one is found.</summary>
    /// <param name="scope">Where.</param>
    /// <param name="fromNow">Whether it must not have begun yet; any time within the minute will do otherwise.</param>
    /// <param name="read">Looks one up.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<long?> FindMissingAsync(
        MirrorScope scope, bool fromNow, Func<Task<long?>> read, CancellationToken cancellationToken)
    {
        Task<long?> missing;
        lock (_last)
        {
            var key = (scope.Partition, fromNow);
            if (!_last.TryGetValue(key, out var control) || !Counts(control, fromNow))
            {
                var before = control?.Missing ?? Task.CompletedTask;
                _last[key] = control = new Control();
                // Elsewhere, not under the lock.
                control.Missing = Task.Run(() => ReadAsync(control, before, read), CancellationToken.None);
            }

            missing = control.Missing;
        }

        try
        {
            return await missing.WaitAsync(cancellationToken);
        }
        // Whoever began it was stopped.
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return await read();
        }
    }

    private async Task<long?> ReadAsync(Control control, Task before, Func<Task<long?>> read)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Later callers get the next control.
        lock (_last)
            control.Began = clock.GetTimestamp();
        var missing = await read();
        control.IsFound = missing is null;
        return missing;
    }

    private bool Counts(Control control, bool fromNow)
        => control.Began is not { } began
            || (!fromNow && (!control.Missing.IsCompleted || (control.IsFound && clock.GetElapsedTime(began) < Validity)));

    private sealed class Control
    {
        /// <summary>Null as long as it waits for the one before.</summary>
        public long? Began { get; set; }

        public Task<long?> Missing { get; set; } = null!;

        public bool IsFound { get; set; }
    }
}
