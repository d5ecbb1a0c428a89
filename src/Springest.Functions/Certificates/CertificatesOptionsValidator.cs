using Microsoft.Extensions.Options;

namespace Springest.Functions.Certificates;

/// <summary>
/// A sweep must come to its end before the host ends it, and with it every submission at work, after ten minutes (host.json).
/// </summary>
internal sealed class CertificatesOptionsValidator : IValidateOptions<CertificatesOptions>
{
    private static readonly TimeSpan MostTime = new(0, 9, 50);

    public ValidateOptionsResult Validate(string? name, CertificatesOptions options)
    {
        // The budget and a quarter of it for what was taken away; and at the end of each the last that was begun.
        var longest = (options.SweepBudget * 1.25) + (options.LeaseDuration * 1.6);
        // What is out of its own range is said elsewhere.
        var isFarOut = options.SweepBudget > MostTime || options.LeaseDuration > MostTime;
        if (longest > MostTime && !isFarOut)
            return ValidateOptionsResult.Fail(
                $"Springest__Certificates__SweepBudget is {options.SweepBudget:c} and "
                    + $"Springest__Certificates__LeaseDuration {options.LeaseDuration:c}, "
                    + $"but 1.25 times the one and 1.6 times the other must be {MostTime:c} or less together, "
                    + "since the host ends a sweep after ten minutes.");
        return options.KeepFor >= options.ReadBackFor
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Springest__Certificates__KeepFor is {options.KeepFor:c}; it must not be shorter than "
                    + $"Springest__Certificates__ReadBackFor, {options.ReadBackFor:c}, since Springest is asked about a certificate for so "
                    + "long.");
    }
}
