namespace Springest.Functions.Quota.Counter;

/// <summary>The figures by which the sliding window counts. Times are in ticks of 100 ns.</summary>
public sealed class WindowParameters
{
    private readonly int[] _ceilings;

    public WindowParameters(QuotaOptions options)
    {
        Limit = options.Limit;
        SlotLength = options.SlotLength.Ticks;
        Window = options.Window.Ticks;
        BlockTime = options.BlockTime.Ticks;
        Hold = (options.Window + options.GrantLife + (options.NetworkSlack ?? options.LongestAttempt)).Ticks;
        Slots = (int)Math.Min(int.MaxValue, (Hold + SlotLength - 1) / SlotLength + 1);
        _ceilings = [Limit, Share(options.WebhookShare), Share(options.DeltaShare), Share(options.CatalogueShare)];
        WebhooksAlone = Share(options.WebhookAloneShare);
    }

    public int Limit { get; }

    public long SlotLength { get; }

    public long Window { get; }

    /// <summary>How long the server's first refusal that names no time blocks the key.</summary>
    public long BlockTime { get; }

    /// <summary>How long a permit counts, from the moment its grant was asked for.</summary>
    public long Hold { get; }

    /// <summary>Slots in the ring: those that <see cref="Hold"/> covers, and the present one.</summary>
    public int Slots { get; }

    /// <summary>How many permits of webhooks may be counted.</summary>
    public int WebhooksAlone { get; }

    /// <summary>How many permits of all classes may be counted after a grant to this one.</summary>
    public int Ceiling(QuotaClass priority) => _ceilings[(int)priority];

    // Rounded first: 0.825 of 4000 is 3300, not a hair less.
    private int Share(double share) => Math.Max(1, (int)Math.Floor(Math.Round(Limit * share, 6)));
}
