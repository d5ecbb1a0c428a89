using System.Globalization;
using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.Functions.Webhooks;

/// <summary>What an operator can look at, and, with the master key, do.</summary>
public sealed class WebhookOperationsFunctions(WebhookOperations operations)
{
    [Function("ListWebhooks")]
    public Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "webhooks/{site}/deliveries")] HttpRequestData request, string site)
        => WebhookAnswers.AnswerAsync(request, token => operations.ListAsync(site, Time(request, "from"), Time(request, "to"), token));

    [Function("GetWebhook")]
    public Task<HttpResponseData> LookAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "webhooks/{site}/deliveries/{id}")] HttpRequestData request, string site, string id)
        => WebhookAnswers.AnswerAsync(request, token => operations.LookAsync(site, id, token));

    [Function("ReplayWebhook")]
    public Task<HttpResponseData> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/deliveries/{id}/replay")] HttpRequestData request, string site, string id)
        => WebhookAnswers.AnswerAsync(request, token => operations.ReplayAsync(site, id, token));

    [Function("ReplayWebhooks")]
    public Task<HttpResponseData> ReplaySpanAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/replay")] HttpRequestData request, string site)
        => WebhookAnswers.AnswerAsync(request, token => operations.ReplayAsync(site, Time(request, "from"), Time(request, "to"), token));

    [Function("ListGivenUp")]
    public Task<HttpResponseData> ListGivenUpAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "webhooks/{site}/given-up")] HttpRequestData request, string site)
        => WebhookAnswers.AnswerAsync(request, token => operations.ListGivenUpAsync(site, token));

    [Function("RetryGivenUp")]
    public Task<HttpResponseData> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/given-up/{key}/retry")] HttpRequestData request, string site, string key)
        => WebhookAnswers.AnswerAsync(request, token => operations.RetryAsync(site, key, token));

    [Function("DropGivenUp")]
    public Task<HttpResponseData> DropAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/given-up/{key}/drop")] HttpRequestData request, string site, string key)
        => WebhookAnswers.AnswerAsync(request, token => operations.DropAsync(site, key, token));

    private static DateTimeOffset? Time(HttpRequestData request, string name)
        => request.Query[name] is not { Length: > 0 } text ? null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw new WebhookRefusedException(HttpStatusCode.BadRequest, $"The parameter {name} is no time such as 2026-11-21T08:00Z.");
}
