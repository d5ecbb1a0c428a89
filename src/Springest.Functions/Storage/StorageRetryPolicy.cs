using Azure.Core;
using Azure.Core.Pipeline;

namespace Springest.Functions.Storage;

/// <summary>
/// Repeats requests to storage as its clients do by themselves, but for those of which each must be known to whoever makes it.
/// </summary>
public sealed class StorageRetryPolicy(DelayStrategy? delays = null)
    : RetryPolicy(maxRetries: 3, delays ?? DelayStrategy.CreateExponentialDelayStrategy(TimeSpan.FromSeconds(0.8), TimeSpan.FromMinutes(1)))
{
    private const string Mark = "Springest.Once";

    /// <summary>Until it is disposed of, requests of this flow are made once.</summary>
    public static IDisposable Once() => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [Mark] = true });

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception)
        => message.TryGetProperty(Mark, out _) ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);
}
