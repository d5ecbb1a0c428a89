using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker.Http;
using Springest.Functions.Http;

namespace Springest.Functions.Webhooks;

/// <summary>What senders and operators are answered: what they asked for, or a problem that says why not.</summary>
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
            var content = await work(cancellationToken);
            return await request.JsonAsync(HttpStatusCode.OK, JsonSerializer.SerializeToUtf8Bytes(content, typeof(T), WebhookJson.Default));
        }
        catch (WebhookRefusedException refused)
        {
            var response = await request.ProblemAsync(refused.Status, refused.Message);
            if (refused.RetryAfter is { } wait)
                response.Headers.Add("Retry-After", Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            if (refused.Status is HttpStatusCode.MethodNotAllowed)
                response.Headers.Add("Allow", "POST");
            return response;
        }
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(WebhookReceipt))]
    [JsonSerializable(typeof(WebhookReplay))]
    [JsonSerializable(typeof(WebhookDeliveryView))]
    [JsonSerializable(typeof(IReadOnlyList<WebhookDeliveryView>))]
    [JsonSerializable(typeof(IReadOnlyList<WebhookGivenUp>))]
    private sealed partial class WebhookJson : JsonSerializerContext;
}
