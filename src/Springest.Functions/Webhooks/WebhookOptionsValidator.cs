using Microsoft.Extensions.Options;

namespace Springest.Functions.Webhooks;

/// <summary>Says which setting is wrong, what it is, and what it may be.</summary>
internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var faults = new List<string>();
        Require(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1024, 100 * 1024 * 1024);
        Require(nameof(options.MaxChanges), options.MaxChanges, 1, 1_000_000);
        Require(nameof(options.MaxBufferedBytes), options.MaxBufferedBytes, 2L * options.MaxBodyBytes, 4L * 1024 * 1024 * 1024);
        Require(nameof(options.ReceiveTimeout), options.ReceiveTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3));
        Require(nameof(options.StorageTimeout), options.StorageTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3));
        Require(nameof(options.InlineBudget), options.InlineBudget, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Require(nameof(options.TimerBudget), options.TimerBudget, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(4));
        Require(nameof(options.Concurrency), options.Concurrency, 1, 100);
        Require(nameof(options.LeaseDuration), options.LeaseDuration, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Require(nameof(options.KeepFor), options.KeepFor, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        Require(nameof(options.KeepConversionsFor), options.KeepConversionsFor, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        Require(nameof(options.MaxAttempts), options.MaxAttempts, 1, 1000);
        Require(nameof(options.RetryDelay), options.RetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Require(nameof(options.MaxRetryDelay), options.MaxRetryDelay, options.RetryDelay, TimeSpan.FromDays(1));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Require<T>(string setting, T value, T least, T most)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
                faults.Add($"Springest__Webhooks__{setting} is {value}; it must lie between {least} and {most}.");
        }
    }
}
