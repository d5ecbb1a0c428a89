using System.Text.Json;
using Google.Protobuf;
using Microsoft.Azure.WebJobs;
using Springest.LocalHost.Protocol;
using Springest.LocalHost.Workers;
using ExecutionContext = Microsoft.Azure.WebJobs.ExecutionContext;

namespace Springest.LocalHost.Jobs;

/// <summary>Passes on to the worker what Microsoft's triggers fire. Public, since the made class calls it.</summary>
public sealed class JobInvoker
{
    /// <summary>What the trigger's parameter of a made method is called.</summary>
    internal const string TriggerParameter = "trigger";

    private readonly WorkerPool _workers;
    private readonly Dictionary<string, WorkerFunction> _functions;

    internal JobInvoker(WorkerPool workers, IEnumerable<WorkerFunction> functions)
        => (_workers, _functions) = (workers, functions.ToDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>A timer fires.</summary>
    public Task TimerAsync(TimerInfo timer, ExecutionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        return InvokeAsync(context, new()
        {
            Json = JsonSerializer.Serialize(new
            {
                Schedule = new { timer.Schedule.AdjustForDST },
                ScheduleStatus = timer.ScheduleStatus is { } status ? new { status.Last, status.Next, status.LastUpdated } : null,
                timer.IsPastDue,
            }),
        }, cancellationToken);
    }

    /// <summary>A blob is there. The worker gets its name, and opens it itself.</summary>
    public Task BlobAsync(ParameterBindingData blob, ExecutionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);
        var content = ByteString.CopyFrom(blob.Content.ToMemory().Span);
        return InvokeAsync(
            context, new() { ModelBindingData = new() { Version = blob.Version, Source = blob.Source, ContentType = blob.ContentType, Content = content } }, cancellationToken);
    }

    private async Task InvokeAsync(ExecutionContext context, TypedData data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var function = _functions[context.FunctionName];
        var worker = await _workers.ReadyAsync(function, cancellationToken);
        var invocation = new InvocationRequest
        {
            InvocationId = $"{context.InvocationId}",
            InputData = { new ParameterBinding { Name = function.Parameter, Data = data } },
        };
        if (context.RetryContext is { } retry)
            invocation.RetryContext = new() { RetryCount = retry.RetryCount, MaxRetryCount = retry.MaxRetryCount };
        await worker.InvokeAsync(function, invocation, cancellationToken);
    }
}
