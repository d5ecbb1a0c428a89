using System.Text;
using Microsoft.AspNetCore.Http;
using Springest.Simulator.Behaviours;

namespace Springest.Simulator.Http;

/// <summary>Answers that go wrong on purpose.</summary>
internal static class FaultSender
{
    public static async Task SendAsync(HttpContext context, Fault fault, CancellationToken ended)
    {
        switch (fault.Kind)
        {
            case FaultKind.Close:
                context.Abort();
                break;
            case FaultKind.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ended);
                break;
            default:
                context.Response.StatusCode = fault.Status;
                context.Response.ContentType = fault.ContentType;
                foreach (var (name, value) in fault.Headers)
                    context.Response.Headers[name] = value;
                await context.Response.WriteAsync(fault.Body ?? UsualBody(fault.Status), ended);
                break;
        }
    }

    public static async Task TruncateAsync(HttpContext context, Reply reply, ApiFormat format, Behaviour behaviour)
    {
        var body = ReplySender.Prepare(context, reply, format, behaviour);
        await context.Response.Body.WriteAsync(body[..(body.Length / 2)], context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
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
