using Azure;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// The storage service's time, by which the instances agree: this machine's, put right by the date of the service's answers where it is
/// wrong by more than those can be.
/// </summary>
public sealed class LedgerClock(TimeProvider time)
{
    private static readonly TimeSpan _accuracy = TimeSpan.FromSeconds(5);

    private long _offset;

    public DateTimeOffset Now => time.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    /// <summary>Takes note of an answer that has just come.</summary>
    public void Observe(Response answer)
    {
        if (answer.Headers.Date is not { } date)
            return;
        var offset = date - time.GetUtcNow();
        Interlocked.Exchange(ref _offset, offset.Duration() > _accuracy ? offset.Ticks : 0);
    }
}
