using Springest.Functions.Catalogue.Resources;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// Look-ups of records that are listed, by all who want to know whether the 404 of another one is to be believed. One is enough for
/// everybody who asks while it is under way, and for a minute.
/// </summary>
internal sealed class ControlReads(TimeProvider clock)
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Control> _last = [];

    /// <summary>The present, to say since when.</summary>
    public long Now => clock.GetTimestamp();

    /// <summary>A listed record that is not found either; null if one is found.</summary>
    /// <param name="scope">Where.</param>
    /// <param name="since">When it must have begun at the earliest; null if any time within the minute will do.</param>
    /// <param name="read">Looks one up.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<long?> FindMissingAsync(
        MirrorScope scope, long? since, Func<Task<long?>> read, CancellationToken cancellationToken)
    {
        Control? control;
        lock (_last)
        {
            if (!_last.TryGetValue(scope.Partition, out control) || !Counts(control, since))
                _last[scope.Partition] = control = new Control(clock.GetTimestamp(), read);
        }

        try
        {
            return await control.Missing.WaitAsync(cancellationToken);
        }
        // Whoever began it was stopped.
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return await read();
        }
    }

    private bool Counts(Control control, long? since)
        => control.Began >= (since ?? control.Began)
            && (!control.HasEnded || (control.IsFound && clock.GetElapsedTime(control.Began) < Validity));

    private sealed class Control
    {
        private readonly Lazy<Task<long?>> _missing;

        public Control(long began, Func<Task<long?>> read)
        {
            Began = began;
            _missing = new(async () =>
            {
                var missing = await read();
                IsFound = missing is null;
                return missing;
            });
        }

        public long Began { get; }

        public Task<long?> Missing => _missing.Value;

        public bool HasEnded => _missing.IsValueCreated && Missing.IsCompleted;

        public bool IsFound { get; private set; }
    }
}
