using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.Functions.Webhooks;

/// <summary>What senders and operators are answered: what they asked for, or a problem (RFC 9457) that says why not.</summary>
internal static partial class WebhookAnswers
{
    /// <summary>Answers a sender, who is to post.</summary>
    public static Task<HttpResponseData> ReceiveAsync(
        HttpRequestData request, WebhookFeed feed, WebhookMetrics metrics, Func<CancellationToken, Task<WebhookReceipt>> receive)
        => AnswerAsync(request, async cancellationToken =>
        {
            try
            {
                var receipt = request.Method.Equals("POST", StringComparison.OrdinalIgnoreCase)
                    ? await receive(cancellationToken)
                    : throw new WebhookRefusedException(HttpStatusCode.MethodNotAllowed, "Webhooks are posted.");
                metrics.Delivered(feed, refused: null);
                return receipt;
            }
            catch (WebhookRefusedException refused)
            {
                metrics.Delivered(feed, refused.Status);
                throw;
            }
        });

    /// <summary>Answers what the work comes to.</summary>
    public static async Task<HttpResponseData> AnswerAsync<T>(HttpRequestData request, Func<CancellationToken, Task<T>> work)
    {
        var cancellationToken = request.FunctionContext.CancellationToken;
        try
        {
            return await WriteAsync(request, HttpStatusCode.OK, "application/json", await work(cancellationToken), cancellationToken);
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
        HttpStatusCode.BadRequest => "Not understood",
        HttpStatusCode.Unauthorized => "Wrong secret",
        HttpStatusCode.Forbidden => "Address not allowed",
        HttpStatusCode.NotFound => "Not found",
        HttpStatusCode.MethodNotAllowed => "Method not allowed",
        HttpStatusCode.RequestTimeout => "Too slow",
        HttpStatusCode.RequestEntityTooLarge => "Too large",
        HttpStatusCode.UnsupportedMediaType => "Unsupported encoding",
        _ => "Not available",
    };

    internal sealed record Problem(string Type, string Title, int Status, string Detail);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(WebhookReceipt))]
    [JsonSerializable(typeof(Problem))]
    [JsonSerializable(typeof(WebhookReplay))]
    [JsonSerializable(typeof(WebhookDeliveryView))]
    [JsonSerializable(typeof(IReadOnlyList<WebhookDeliveryView>))]
    [JsonSerializable(typeof(IReadOnlyList<WebhookGivenUp>))]
    private sealed partial class WebhookJson : JsonSerializerContext;
}
