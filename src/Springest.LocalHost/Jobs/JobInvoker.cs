using System.Text.Json;
using Google.Protobuf;
using Microsoft.Azure.WebJobs;
using ExecutionContext = Microsoft.Azure.WebJobs.ExecutionContext;

namespace Springest.LocalHost.Jobs;

/// <summary>Passes on to the worker what Microsoft's triggers fire. Public, since the made class calls it.</summary>
public sealed class JobInvoker
{
    private readonly WorkerPool _workers;
    private readonly ILookup<string, WorkerFunction> _functions;

    internal JobInvoker(WorkerPool workers, IEnumerable<WorkerFunction> functions)
        => (_workers, _functions) = (workers, functions.ToLookup(function => function.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>A timer fires.</summary>
    public Task TimerAsync(TimerInfo timer, ExecutionContext context, Binder binder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        var status = timer.ScheduleStatus is { } kept ? new { kept.Last, kept.Next, kept.LastUpdated } : null;
        var info = new { Schedule = new { timer.Schedule.AdjustForDST }, ScheduleStatus = status, timer.IsPastDue };
        return InvokeAsync(new() { Json = JsonSerializer.Serialize(info) }, context, binder, cancellationToken);
    }

    /// <summary>A blob is there. The worker gets its name, and opens it itself.</summary>
    public Task BlobAsync(ParameterBindingData blob, ExecutionContext context, Binder binder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);
        var content = ByteString.CopyFrom(blob.Content.ToMemory().Span);
        var data = new ModelBindingData { Version = blob.Version, Source = blob.Source, ContentType = blob.ContentType, Content = content };
        return InvokeAsync(new() { ModelBindingData = data }, context, binder, cancellationToken);
    }

    private async Task InvokeAsync(TypedData data, ExecutionContext context, Binder binder, CancellationToken cancellationToken)
    {
        var function = _functions[context.FunctionName].First();
        var request = new InvocationRequest();
        // Such as the names in the path of a blob.
        foreach (var (name, value) in binder.BindingData)
            if (value is string or Uri)
                request.TriggerMetadata[name] = new() { String = $"{value}" };
        var worker = await _workers.ReadyAsync(function, cancellationToken);
        await worker.InvokeAsync(function, $"{context.InvocationId}", data, request, cancellationToken);
    }
}
