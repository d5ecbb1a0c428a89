namespace Springest.Functions.Quota;

/// <summary>
/// The storage service's clock, told from the <c>Date</c> of its answers. Such a date has whole seconds, so one answer fixes
/// the clock to a second and the time the request took; what many answers say together is far finer, since each of them
/// bounds the same difference between the service's clock and this machine's monotonic one. All times are in ticks of 100 ns.
/// </summary>
public sealed class StoreClock
{
    // How unevenly two clocks may run; real ones differ by far less than 100 parts in a million.
    private const long DriftPart = 10_000;

    private long _low;
    private long _high;
    private long _at;
    private bool _known;

    /// <summary>Takes in an answer.</summary>
    /// <param name="sent">The local monotonic time before its request was sent.</param>
    /// <param name="received">The local monotonic time after it arrived.</param>
    /// <param name="date">Its date.</param>
    public void Observe(long sent, long received, DateTimeOffset date)
    {
        // At some moment in [sent, received] the service's clock was in [date, date + 1 s).
        var low = date.UtcTicks - received;
        var high = date.UtcTicks + TimeSpan.TicksPerSecond - sent;
        if (_known)
        {
            var drift = Drift(received);
            (low, high) = (Math.Max(low, _low - drift), Math.Min(high, _high + drift));
            if (low > high)
                (low, high) = (date.UtcTicks - received, date.UtcTicks + TimeSpan.TicksPerSecond - sent); // the service's clock was set
        }

        (_low, _high, _at, _known) = (low, high, received, true);
    }

    /// <summary>The service's time at a local one, which is not before the last answer.</summary>
    public StoreTime At(long local)
    {
        if (!_known)
            throw new InvalidOperationException("The storage service has not answered yet.");
        var drift = Drift(local);
        return new StoreTime(local + _low - drift, local + _high + drift);
    }

    private long Drift(long local) => (local - _at) / DriftPart + 1;
}
