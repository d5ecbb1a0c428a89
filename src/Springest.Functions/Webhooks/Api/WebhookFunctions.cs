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
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "webhooks/{site}/deliveries")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(
            request, ["from", "to"], () => operations.ListAsync(site, Time(request, "from"), Time(request, "to"), cancellationToken));

    [Function("GetWebhook")]
    public Task<IResult> LookAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "webhooks/{site}/deliveries/{id}")] HttpRequest request,
        string site,
        string id,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, [], () => operations.LookAsync(site, id, cancellationToken));

    [Function("ReplayWebhook")]
    public Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/deliveries/{id}/replay")] HttpRequest request,
        string site,
        string id,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, [], () => operations.ReplayAsync(site, id, cancellationToken));

    [Function("ReplayWebhooks")]
    public Task<IResult> ReplaySpanAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/replay")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(
            request, ["from", "to"], () => operations.ReplayAsync(site, Time(request, "from"), Time(request, "to"), cancellationToken));

    [Function("ListDeadLetters")]
    public Task<IResult> ListDeadLettersAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "webhooks/{site}/dead-letters")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, [], () => operations.ListDeadLettersAsync(site, cancellationToken));

    [Function("RetryDeadLetter")]
    public Task<IResult> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/dead-letters/{key}/retry")] HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, [], () => operations.RetryAsync(site, key, cancellationToken));

    [Function("DropDeadLetter")]
    public Task<IResult> DropAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/webhooks/{site}/dead-letters/{key}/drop")] HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, [], () => operations.DropAsync(site, key, cancellationToken));

    private static DateTimeOffset? Time(HttpRequest request, string name)
        => (string?)request.Query[name] is not { Length: > 0 } text ? null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw new WebhookRejectedException(HttpStatusCode.BadRequest, $"The parameter {name} is no time such as 2026-11-21T08:00Z.");
}
