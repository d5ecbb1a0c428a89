using Microsoft.Extensions.Options;

namespace Springest.Functions.Quota;

/// <summary>Refuses settings with which the promise could not be kept.</summary>
internal sealed class QuotaOptionsValidator : IValidateOptions<QuotaOptions>
{
    // A binary property of an entity holds 64 KiB, and a slot takes two bytes.
    private const int MostSlots = 30_000;

    public ValidateOptionsResult Validate(string? name, QuotaOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(QuotaOptions options)
    {
        if (options.Limit is < 1 or > ushort.MaxValue)
            yield return Fault(nameof(options.Limit), options.Limit, $"1 to {ushort.MaxValue}");
        if (options.SubmissionReserve < 0)
            yield return Fault(nameof(options.SubmissionReserve), options.SubmissionReserve, "0 or more");
        if (options.WebhookReserve < 0)
            yield return Fault(nameof(options.WebhookReserve), options.WebhookReserve, "0 or more");
        if ((long)options.SubmissionReserve + options.WebhookReserve >= options.Limit)
            yield return $"Springest__Quota__SubmissionReserve and WebhookReserve are {options.SubmissionReserve} and {options.WebhookReserve}; " +
                         $"together they must be less than Limit ({options.Limit}), or nothing is left for the catalogue.";
        if (options.ChunkSize < 1 || options.ChunkSize > options.Limit)
            yield return Fault(nameof(options.ChunkSize), options.ChunkSize, $"1 to Limit ({options.Limit})");
        if (options.QueueLimit < 1)
            yield return Fault(nameof(options.QueueLimit), options.QueueLimit, "1 or more");
        foreach (var fault in Times(options))
            yield return fault;
    }

    private static IEnumerable<string> Times(QuotaOptions options)
    {
        if (options.Window < TimeSpan.FromSeconds(1) || options.Window > TimeSpan.FromDays(1))
            yield return Fault(nameof(options.Window), options.Window, "one second to one day");
        if (options.SlotLength < TimeSpan.FromMilliseconds(1) || options.SlotLength > options.Window)
            yield return Fault(nameof(options.SlotLength), options.SlotLength, $"one millisecond to Window ({options.Window})");
        else if (new QuotaShape(options).Slots > MostSlots)
            yield return Fault(nameof(options.SlotLength), options.SlotLength, $"so long that {MostSlots} slots cover Window, GrantLife and NetworkSlack");
        if (options.GrantLife <= TimeSpan.Zero || options.GrantLife > options.NetworkSlack)
            yield return Fault(nameof(options.GrantLife), options.GrantLife, $"more than zero and at most NetworkSlack ({options.NetworkSlack})");
        if (options.NetworkSlack <= TimeSpan.Zero || options.NetworkSlack > options.Window)
            yield return Fault(nameof(options.NetworkSlack), options.NetworkSlack, $"more than zero and at most Window ({options.Window})");
        foreach (var priority in Enum.GetValues<QuotaClass>())
        {
            if (options.Patience(priority) < TimeSpan.Zero || options.Patience(priority) > TimeSpan.FromDays(1))
                yield return Fault($"{priority}Patience", options.Patience(priority), "zero to one day");
        }

        if (options.BlockTime <= TimeSpan.Zero || options.BlockTime > options.Window)
            yield return Fault(nameof(options.BlockTime), options.BlockTime, $"more than zero and at most Window ({options.Window})");
    }

    private static string Fault(string setting, object value, string allowed)
        => FormattableString.Invariant($"Springest__Quota__{setting} is {value}, but must be {allowed}.");
}
