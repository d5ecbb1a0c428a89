using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Api;

/// <summary>What an operator can look at, and, with the master key, do.</summary>
public sealed class WebhookFunctions(WebhookOperations operations)
{
    [Function("ListWebhooks")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "webhooks/{site}/deliveries")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(
            request, () => operations.ListAsync(site, Time(request, "from"), Time(request, "to"), cancellationToken));

    [Function("GetWebhook")]
    public Task<IResult> LookAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "webhooks/{site}/deliveries/{id}")] HttpRequest request,
        string site,
        string id,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.LookAsync(site, id, cancellationToken));

    [Function("ReplayWebhook")]
    public Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/deliveries/{id}/replay")] HttpRequest request,
        string site,
        string id,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.ReplayAsync(site, id, cancellationToken));

    [Function("ReplayWebhooks")]
    public Task<IResult> ReplaySpanAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/replay")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(
            request, () => operations.ReplayAsync(site, Time(request, "from"), Time(request, "to"), cancellationToken));

    [Function("ListGivenUp")]
    public Task<IResult> ListGivenUpAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "webhooks/{site}/given-up")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.ListGivenUpAsync(site, cancellationToken));

    [Function("RetryGivenUp")]
    public Task<IResult> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/given-up/{key}/retry")] HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.RetryAsync(site, key, cancellationToken));

    [Function("DropGivenUp")]
    public Task<IResult> DropAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/given-up/{key}/drop")] HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.DropAsync(site, key, cancellationToken));

    private static DateTimeOffset? Time(HttpRequest request, string name)
        => (string?)request.Query[name] is not { Length: > 0 } text ? null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw new WebhookRejectedException(HttpStatusCode.BadRequest, $"The parameter {name} is no time such as 2026-11-21T08:00Z.");
}
