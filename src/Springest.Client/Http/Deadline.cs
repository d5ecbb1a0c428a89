namespace Springest.Client.Http;

/// <summary>
/// The time that a call may take. It stands still while the call waits for the rate limiter, whose patience is its own, and while what is
/// to be done before an attempt is done.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _expiry;
    private readonly CancellationTokenSource _linked;
    private TimeSpan _left;
    private long _since;

    public Deadline(TimeSpan length, TimeProvider time, CancellationToken cancellationToken)
    {
        _time = time;
        _left = length;
        _since = time.GetTimestamp();
        _expiry = new CancellationTokenSource(length, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_expiry.Token, cancellationToken);
    }

    public CancellationToken Token => _linked.Token;

    public bool IsOver => _expiry.IsCancellationRequested;

    public void Pause()
    {
        _left -= _time.GetElapsedTime(_since);
        _expiry.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Resume()
    {
        _since = _time.GetTimestamp();
        _expiry.CancelAfter(_left > TimeSpan.Zero ? _left : TimeSpan.Zero);
    }

    public void Dispose()
    {
        _linked.Dispose();
        _expiry.Dispose();
    }
}
