using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Springest.Functions.Access;

/// <summary>Stands before every HTTP function.</summary>
internal sealed class AccessMiddleware(AccessCheck check) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && await check.RunAsync(http, context.FunctionDefinition.Name) is { } refusal)
            context.GetInvocationResult().Value = refusal;
        else
            await next(context);
    }
}
