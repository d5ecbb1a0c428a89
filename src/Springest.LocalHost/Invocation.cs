using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.LocalHost;

/// <summary>What a trigger hands over for one run of a function.</summary>
internal sealed record Invocation
{
    /// <summary>The same for every retry of a run.</summary>
    public string Id { get; init; } = Guid.NewGuid().ToString();

    /// <summary>Makes the value of the trigger's own parameter.</summary>
    public required Func<FunctionContext, object> Trigger { get; init; }

    /// <summary>Values by name: those of the route, or of the blob's path.</summary>
    public IReadOnlyDictionary<string, object?> BindingData { get; init; } = ImmutableDictionary<string, object?>.Empty;

    /// <summary>Null where the function has no retry policy.</summary>
    public RetryContext? Retry { get; init; }

    /// <summary>Takes the function's answer, while its services are still there.</summary>
    public Func<HttpResponseData?, CancellationToken, Task> Respond { get; init; } = (_, _) => Task.CompletedTask;
}
