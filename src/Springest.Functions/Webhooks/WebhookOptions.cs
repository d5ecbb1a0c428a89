using Springest.Functions.Settings;

namespace Springest.Functions.Webhooks;

/// <summary>Settings <c>Springest:Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>When the inbox is worked on, as NCRONTAB. Read by the trigger.</summary>
    [Schedule]
    public string Schedule { get; set; } = "*/15 * * * * *";

    /// <summary>
    /// The largest body taken, in bytes, inflated. The host holds a body that comes with its length in memory some thirtyfold before the
    /// app sees it: it is this that keeps many at once from filling an instance, with the host's own limit in infra/modules/app.bicep.
    /// </summary>
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>The most changes taken in one body; the largest body has room for some 22,000 complete ones. Others count too.</summary>
    public int MaxChanges { get; set; } = 25_000;

    /// <summary>The most bytes of bodies held at the same time; who comes when they are used up is told to come back.</summary>
    public long MaxBufferedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long a sender may take for its body.</summary>
    public TimeSpan ReceiveTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long storing a delivery may take before the sender is told to come back later.</summary>
    public TimeSpan StorageTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a delivery is worked on before it is answered. Zero: answer first, and leave the work to the timer.</summary>
    public TimeSpan InlineBudget { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one run of the timer goes on taking work.</summary>
    public TimeSpan TimerBudget { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many objects are worked on at the same time.</summary>
    public int Concurrency { get; set; } = 8;

    /// <summary>How long an object stays claimed by whoever works on it; after a crash it is taken up again when that has passed.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long deliveries and their bodies are kept for replay: two weeks, in which a fault is noticed and mended, and no longer, since
    /// what is in bodies cannot be searched for a person.
    /// </summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long a conversion is kept after it was last read: long enough to compare a year with the one before.</summary>
    public TimeSpan KeepConversionsFor { get; set; } = TimeSpan.FromDays(730);

    /// <summary>Failures after which an object is dead-lettered and left for a person.</summary>
    public int MaxAttempts { get; set; } = 12;

    /// <summary>The pause after the first failure; it doubles with each further one.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest pause between two attempts.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromHours(1);
}
