using System.Threading.RateLimiting;

namespace Springest.Functions.Quota;

/// <summary>A caller that waits for permits.</summary>
internal sealed class QuotaWaiter(int permits, long deadline) : TaskCompletionSource<RateLimitLease>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public int Permits => permits;

    /// <summary>When its patience ends, in the pool's time.</summary>
    public long Deadline => deadline;

    /// <summary>Takes it out of the queue when its caller gives up.</summary>
    public CancellationTokenRegistration GivingUp { get; set; }
}
