namespace Springest.Functions.Quota;

/// <summary>One class of one key in this instance: who waits, and what is known of the next grant. Guarded by the pool's lock.</summary>
internal sealed class QuotaLane
{
    private int _lastGrant;
    private long _lastGrantAt = long.MinValue;
    private int _takenSince;

    public LinkedList<QuotaWaiter> Queue { get; } = [];

    /// <summary>Sum of the permits that the queue asks for.</summary>
    public int Wanted { get; set; }

    /// <summary>When it makes sense to ask the store again.</summary>
    public long AskAt { get; private set; }

    /// <summary>When permits are expected, by the last refusal; and why there are none.</summary>
    public long OpensAt { get; private set; }

    public string Reason { get; private set; } = "";

    public long Successes { get; private set; }

    public long Failures { get; set; }

    public long LastUse { get; private set; }

    public void Take(int permits, long now)
    {
        _takenSince += permits;
        Successes += permits;
        LastUse = now;
    }

    /// <summary>True if it is known now that there will be no permits by a later time.</summary>
    public bool ClosedAt(long later, long now) => AskAt > now && OpensAt > later;

    public void Close(long opensAt, long askAt, string reason) => (OpensAt, AskAt, Reason) = (opensAt, askAt, reason);

    public void Granted(int permits, long now)
    {
        (_lastGrant, _lastGrantAt, _takenSince) = (permits, now, 0);
        (AskAt, OpensAt) = (0, 0);
    }

    /// <summary>
    /// How many permits to ask for: those that are waited for, or, when the last grant was used up within its life, what that
    /// pace would use in another life, but at most twice the last grant.
    /// </summary>
    public int Target(int chunkSize, long life, long now)
    {
        var elapsed = Math.Max(1, now - _lastGrantAt);
        var pace = _lastGrantAt == long.MinValue || elapsed > life ? 0 : Math.Min(2L * _lastGrant, (long)((double)_takenSince * life / elapsed));
        return (int)Math.Clamp(Math.Max(Wanted, pace), Math.Max(1, Queue.First!.Value.Permits), chunkSize);
    }
}
