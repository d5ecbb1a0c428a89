using System.Text;
using Microsoft.AspNetCore.Http;
using Springest.Simulator.Behaviours;

namespace Springest.Simulator.Http;

/// <summary>Writes an answer in the form that was asked for.</summary>
internal static class ReplySender
{
    public static async Task SendAsync(HttpContext context, Reply reply, ApiFormat format, Behaviour behaviour)
    {
        var body = Prepare(context, reply, format, behaviour);
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Sets status and headers, and gives the bytes of the body.</summary>
    public static ReadOnlyMemory<byte> Prepare(HttpContext context, Reply reply, ApiFormat format, Behaviour behaviour)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
            response.Headers[name] = value;
        if (reply.Json.IsEmpty || (reply.IsError && behaviour.EmptyErrors))
            return default;
        var (contentType, body) = format switch
        {
            ApiFormat.Xml => (behaviour.XmlContentType, XmlText.From(reply, behaviour)),
            ApiFormat.Jsonp when reply.Callback is not null => ("application/javascript; charset=utf-8", Wrap(reply)),
            _ => (behaviour.JsonContentType, reply.Json),
        };
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return body;
    }

    private static byte[] Wrap(Reply reply) => [.. Encoding.UTF8.GetBytes(reply.Callback + "("), .. reply.Json.Span, (byte)')'];
}
