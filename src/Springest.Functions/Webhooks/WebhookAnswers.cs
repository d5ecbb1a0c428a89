using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.Functions.Webhooks;

/// <summary>The answers to a webhook: a receipt, or a problem (RFC 9457) that says why it was not taken.</summary>
internal static partial class WebhookAnswers
{
    public static async Task<HttpResponseData> AnswerAsync(HttpRequestData request, Func<CancellationToken, Task<WebhookReceipt>> receive)
    {
        var cancellationToken = request.FunctionContext.CancellationToken;
        try
        {
            if (!request.Method.Equals("POST", StringComparison.OrdinalIgnoreCase))
                throw new WebhookRefusedException(HttpStatusCode.MethodNotAllowed, "Webhooks are posted.");
            var receipt = await receive(cancellationToken);
            return await WriteAsync(request, HttpStatusCode.OK, "application/json", receipt, cancellationToken);
        }
        catch (WebhookRefusedException refused)
        {
            var problem = new Problem("about:blank", Title(refused.Status), (int)refused.Status, refused.Message);
            var response = await WriteAsync(request, refused.Status, "application/problem+json", problem, cancellationToken);
            if (refused.RetryAfter is { } wait)
                response.Headers.Add("Retry-After", Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            if (refused.Status is HttpStatusCode.MethodNotAllowed)
                response.Headers.Add("Allow", "POST");
            return response;
        }
    }

    private static async Task<HttpResponseData> WriteAsync<T>(
        HttpRequestData request, HttpStatusCode status, string contentType, T content, CancellationToken cancellationToken)
    {
        var response = request.CreateResponse(status);
        response.Headers.Add("Content-Type", contentType);
        await response.WriteBytesAsync(JsonSerializer.SerializeToUtf8Bytes(content, typeof(T), WebhookJson.Default), cancellationToken);
        return response;
    }

    private static string Title(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => "Not a webhook",
        HttpStatusCode.NotFound => "Unknown site",
        HttpStatusCode.MethodNotAllowed => "Method not allowed",
        HttpStatusCode.RequestTimeout => "Too slow",
        HttpStatusCode.RequestEntityTooLarge => "Too large",
        HttpStatusCode.UnsupportedMediaType => "Unsupported encoding",
        _ => "Not available",
    };

    internal sealed record Problem(string Type, string Title, int Status, string Detail);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(WebhookReceipt))]
    [JsonSerializable(typeof(Problem))]
    private sealed partial class WebhookJson : JsonSerializerContext;
}
