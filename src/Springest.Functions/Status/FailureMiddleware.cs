using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Springest.Functions.Status;

/// <summary>Notes how each execution ends.</summary>
internal sealed class FailureMiddleware(FunctionFailures failures) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var function = context.FunctionDefinition.Name;
        try
        {
            await next(context);
        }
        // To be stopped, or that the caller has gone, is no failure.
        catch (Exception failure) when (failure is not OperationCanceledException || !IsCancelled(context))
        {
            await failures.FailedAsync(function, failure);
            throw;
        }

        // What was put down, or took too long, has not succeeded either.
        if (!IsCancelled(context))
            await failures.SucceededAsync(function);
    }

    private static bool IsCancelled(FunctionContext context)
        => context.CancellationToken.IsCancellationRequested || context.GetHttpContext()?.RequestAborted.IsCancellationRequested == true;
}
