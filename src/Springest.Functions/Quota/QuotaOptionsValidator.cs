using Microsoft.Extensions.Options;

namespace Springest.Functions.Quota;

/// <summary>Refuses settings with which the promise could not be kept.</summary>
internal sealed class QuotaOptionsValidator : IValidateOptions<QuotaOptions>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, QuotaOptions options)
    {
        var faults = Rules(options).Where(rule => !rule.Kept)
            .Select(rule => FormattableString.Invariant($"Springest__Quota__{rule.Setting} is {rule.Value}, but must be {rule.Allowed}."))
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<(string Setting, object? Value, bool Kept, FormattableString Allowed)> Rules(QuotaOptions o)
    {
        var (window, slack) = (o.Window, o.NetworkSlack ?? o.LongestAttempt);
        yield return ("Limit", o.Limit, o.Limit is >= 1 and <= ushort.MaxValue, $"1 to {ushort.MaxValue}");
        yield return ("WebhookShare", o.WebhookShare, o.WebhookShare is > 0 and <= 1, $"more than 0 and at most 1");
        yield return ("WebhookAloneShare", o.WebhookAloneShare, o.WebhookAloneShare is > 0 and <= 1, $"more than 0 and at most 1");
        yield return ("DeltaShare", o.DeltaShare, o.DeltaShare > 0 && o.DeltaShare <= o.WebhookShare,
            $"more than 0 and at most WebhookShare ({o.WebhookShare})");
        yield return ("FullPassShare", o.FullPassShare, o.FullPassShare > 0 && o.FullPassShare <= o.DeltaShare,
            $"more than 0 and at most DeltaShare ({o.DeltaShare})");
        yield return ("Window", window, window >= TimeSpan.FromSeconds(1) && window <= Day, $"one second to one day");
        yield return ("GrantLife", o.GrantLife, IsUpTo(window, o.GrantLife), $"more than zero and at most Window ({window})");
        yield return ("NetworkSlack", slack, slack >= o.LongestAttempt && slack <= TimeSpan.FromHours(1),
            $"at least the longest AttemptTimeout of a site ({o.LongestAttempt}) and at most 01:00:00");
        foreach (var (patience, name) in (
            (TimeSpan, string)[])[(o.SubmissionPatience, "Submission"), (o.WebhookPatience, "Webhook"), (o.PassPatience, "Pass")])
            yield return ($"{name}Patience", patience, patience >= TimeSpan.Zero && patience <= Day, $"zero to one day");

        yield return ("BlockTime", o.BlockTime, IsUpTo(window, o.BlockTime), $"more than zero and at most Window ({window})");
    }

    private static bool IsUpTo(TimeSpan most, TimeSpan time) => time > TimeSpan.Zero && time <= most;
}
