using System.Text;
using Microsoft.AspNetCore.Http;
using Springest.Simulator.Behaviours;

namespace Springest.Simulator.Http;

/// <summary>Answers that go wrong on purpose. Each gives the status that the caller saw, or null if it saw none.</summary>
internal static class FaultSender
{
    public static async Task<int?> SendAsync(this HttpContext context, Fault fault, CancellationToken ended)
    {
        switch (fault.Kind)
        {
            case FaultKind.Close:
                context.Abort();
                return null;
            case FaultKind.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ended);
                return null;
            default:
                context.Response.StatusCode = fault.Status;
                context.Response.ContentType = fault.ContentType;
                foreach (var (name, value) in fault.Headers)
                    context.Response.Headers[name] = value;
                await context.Response.WriteAsync(fault.Body ?? UsualBody(fault.Status), ended);
                return fault.Status;
        }
    }

    public static async Task<int?> TruncateAsync(this HttpContext context, Reply reply, ApiFormat format, Behaviour behaviour)
    {
        var body = ReplySender.Prepare(context, reply, format, behaviour);
        await context.Response.Body.WriteAsync(body[..(body.Length / 2)], context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
        return reply.Status;
    }

    private static string UsualBody(int status)
    {
        var message = status switch
        {
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not found",
            405 => "Method not allowed",
            429 => "Rate limit exceeded",
            500 => "Internal server error",
            _ => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
        };
        return Encoding.UTF8.GetString(Reply.Error(status, message).Json.Span);
    }
}
