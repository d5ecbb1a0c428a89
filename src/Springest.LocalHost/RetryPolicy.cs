using System.Globalization;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Springest.LocalHost;

/// <summary>How often a failed timer run is tried again, and after what delays.</summary>
internal sealed class RetryPolicy
{
    private readonly RetryAttribute _attribute;
    private readonly TimeSpan _minimum;
    private readonly TimeSpan _maximum;

    private RetryPolicy(RetryAttribute attribute, string minimum, string maximum)
    {
        if (attribute.MaxRetryCount < -1)
            throw new FunctionsHostException($"Its retry count is {attribute.MaxRetryCount} but must be 0 or more, or -1 for no limit.");
        _attribute = attribute;
        _minimum = TimeSpan.Parse(minimum, CultureInfo.InvariantCulture);
        _maximum = TimeSpan.Parse(maximum, CultureInfo.InvariantCulture);
    }

    /// <summary>Null where the method has no retry attribute.</summary>
    public static RetryPolicy? Of(MethodInfo method)
    {
        try
        {
            return method.GetCustomAttribute<RetryAttribute>() switch
            {
                FixedDelayRetryAttribute policy => new RetryPolicy(policy, policy.DelayInterval, policy.DelayInterval),
                ExponentialBackoffRetryAttribute policy => new RetryPolicy(policy, policy.MinimumInterval, policy.MaximumInterval),
                _ => null,
            };
        }
        catch (ArgumentException exception)
        {
            throw new FunctionsHostException($"Its retry attribute is wrong. {exception.Message}", exception);
        }
    }

    public bool Allows(int retry) => _attribute.MaxRetryCount == -1 || retry <= _attribute.MaxRetryCount;

    /// <summary>The wait before a retry, the first of which is 1: doubling from the minimum to the maximum, a fifth more or less at random.</summary>
    public TimeSpan Delay(int retry)
    {
        if (_minimum == _maximum)
            return _minimum;
        var factor = Math.Pow(2, Math.Min(retry - 1, 30)) * (0.8 + (0.4 * Random.Shared.NextDouble()));
        return TimeSpan.FromTicks((long)Math.Clamp(_minimum.Ticks * factor, _minimum.Ticks, _maximum.Ticks));
    }

    public RetryContext Context(int retry) => new Try(retry, _attribute.MaxRetryCount);

    private sealed class Try(int retry, int most) : RetryContext
    {
        public override int RetryCount { get; } = retry;

        public override int MaxRetryCount { get; } = most;
    }
}
