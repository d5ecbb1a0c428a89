namespace Springest.Functions.Quota;

/// <summary>The figures by which the ring counts. Times are in ticks of 100 ns.</summary>
public sealed class QuotaShape
{
    private readonly int[] _ceilings;

    public QuotaShape(QuotaOptions options)
    {
        Limit = options.Limit;
        SlotLength = options.SlotLength.Ticks;
        GrantLife = options.GrantLife.Ticks;
        Window = options.Window.Ticks;
        Hold = (options.Window + options.GrantLife + options.NetworkSlack).Ticks;
        Slots = (int)Math.Min(int.MaxValue, (Hold + SlotLength - 1) / SlotLength + 1);
        _ceilings = [Limit, Limit - options.SubmissionReserve, Limit - options.SubmissionReserve - options.WebhookReserve];
    }

    public int Limit { get; }

    public long SlotLength { get; }

    public long Window { get; }

    public long GrantLife { get; }

    /// <summary>How long a permit counts, from the moment its grant was asked for.</summary>
    public long Hold { get; }

    /// <summary>Slots in the ring: those that <see cref="Hold"/> covers, and the present one.</summary>
    public int Slots { get; }

    /// <summary>How many permits may be counted after a grant to this class.</summary>
    public int Ceiling(QuotaClass priority) => _ceilings[(int)priority];
}
