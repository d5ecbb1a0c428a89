using System.Globalization;
using Microsoft.Extensions.Options;
using Springest.Functions.Catalogue.Resources;

namespace Springest.Functions.Catalogue;

internal sealed class MirrorOptionsValidator : IValidateOptions<MirrorOptions>, IValidateOptions<ResourceOptions>
{
    /// <summary>
    /// The host ends a function after ten minutes (host.json); what is under way at the end of the budget needs some of them.
    /// </summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(9);

    public ValidateOptionsResult Validate(string? name, MirrorOptions options)
        => Result(
            Check(nameof(options.Prefetch), options.Prefetch, options.Prefetch is >= 1 and <= 32, "from 1 to 32"),
            Check(
                nameof(options.TimeBudget),
                options.TimeBudget,
                options.TimeBudget >= TimeSpan.FromSeconds(1) && options.TimeBudget <= MostTime,
                "from 00:00:01 to 00:09:00"),
            Check(
                nameof(options.LeaseDuration), options.LeaseDuration, options.LeaseDuration >= TimeSpan.FromSeconds(2),
                "00:00:02 or more"),
            Check(nameof(options.DeleteHoldShare), options.DeleteHoldShare, options.DeleteHoldShare is >= 0 and <= 1, "from 0 to 1"),
            Check(nameof(options.DeleteHoldMinimum), options.DeleteHoldMinimum, options.DeleteHoldMinimum >= 0, "0 or more"),
            Check(nameof(options.HoldEndShare), options.HoldEndShare, options.HoldEndShare is >= 0 and <= 1, "from 0 to 1"),
            Check(
                nameof(options.ChangesKept),
                options.ChangesKept,
                options.ChangesKept >= TimeSpan.FromDays(7) && options.ChangesKept <= TimeSpan.FromDays(36_500),
                "from 7.00:00:00 to 36500.00:00:00"),
            Check(nameof(options.SnapshotsKept), options.SnapshotsKept, options.SnapshotsKept >= 0, "0 or more"));

    public ValidateOptionsResult Validate(string? name, ResourceOptions options)
        => Result(
            Check(
                $"{name}__{nameof(options.FullPassInterval)}",
                options.FullPassInterval,
                IsInterval(options.FullPassInterval),
                "from 00:00:00 to 366.00:00:00"),
            Check(
                $"{name}__{nameof(options.DeltaInterval)}",
                options.DeltaInterval,
                options.DeltaInterval is not { } delta || IsInterval(delta),
                "from 00:00:00 to 366.00:00:00, or empty"));

    private static bool IsInterval(TimeSpan time) => time >= TimeSpan.Zero && time <= TimeSpan.FromDays(366);

    private static string? Check<T>(string setting, T value, bool isRight, string allowed)
        => isRight ? null : string.Create(CultureInfo.InvariantCulture, $"Springest__Mirror__{setting} is {value}, but must be {allowed}.");

    private static ValidateOptionsResult Result(params string?[] checks)
    {
        var wrong = checks.OfType<string>().ToList();
        return wrong.Count > 0 ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
    }
}
