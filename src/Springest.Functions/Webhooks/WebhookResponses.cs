using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Springest.Functions.Http;
using Springest.Functions.Webhooks.Api;
using Springest.Functions.Webhooks.Parsing;
using Springest.Functions.Webhooks.Processing;
using Springest.Functions.Webhooks.Receiving;

namespace Springest.Functions.Webhooks;

/// <summary>What senders and operators are answered: what they asked for, or a problem that says why not.</summary>
internal static partial class WebhookResponses
{
    /// <summary>Answers what the work comes to.</summary>
    public static async Task<IResult> AnswerAsync<T>(HttpRequest request, Func<Task<T>> work)
    {
        try
        {
            return Json(await work());
        }
        catch (WebhookProblemException refused)
        {
            return Problem(request, refused);
        }
    }

    public static IResult Json<T>(T content) => Answers.Json(content, WebhookJson.Default);

    public static IResult Problem(HttpRequest request, WebhookProblemException refused)
    {
        var headers = request.HttpContext.Response.Headers;
        if (refused.RetryAfter is { } wait)
            headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (refused.Status is HttpStatusCode.MethodNotAllowed)
            headers.Allow = HttpMethods.Post;
        return Answers.Problem(refused.Status, refused.Message);
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(WebhookReceipt))]
    [JsonSerializable(typeof(WebhookCommandResult))]
    [JsonSerializable(typeof(DeliveryView))]
    [JsonSerializable(typeof(Page<DeliveryView>))]
    [JsonSerializable(typeof(Page<DeadLetter>))]
    private sealed partial class WebhookJson : JsonSerializerContext;
}
