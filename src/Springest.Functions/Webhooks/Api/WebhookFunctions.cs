using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Http;
using Springest.Functions.Webhooks.Parsing;
using Springest.Functions.Webhooks.Processing;

namespace Springest.Functions.Webhooks.Api;

/// <summary>What viewers can look at, and operators do.</summary>
public sealed class WebhookFunctions(WebhookOperations operations)
{
    /// <summary>Deliveries of a span of time, the latest first; of today and yesterday if it is not given.</summary>
    [Function("ListWebhooks")]
    [RequiresRole(AccessRole.Viewer)]
    [QueryParameter("from", "Since when, such as 2026-11-21T08:00Z.")]
    [QueryParameter("to", "Until when.")]
    [ProducesResponseType<Page<DeliveryView>>(StatusCodes.Status200OK)]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "webhooks/{site}/deliveries")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(
            request, () => operations.ListAsync(site, Time(request, "from"), Time(request, "to"), cancellationToken));

    /// <summary>One delivery with its body, and what became of what it names.</summary>
    [Function("GetWebhook")]
    [RequiresRole(AccessRole.Viewer)]
    [ProducesResponseType<DeliveryView>(StatusCodes.Status200OK)]
    public Task<IResult> LookAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "webhooks/{site}/deliveries/{id}")] HttpRequest request,
        string site,
        string id,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.LookAsync(site, id, cancellationToken));

    /// <summary>Has everything that a delivery named read again.</summary>
    [Function("ReplayWebhook")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType<WebhookCommandResult>(StatusCodes.Status200OK)]
    public Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/webhooks/{site}/deliveries/{id}/replay")] HttpRequest request,
        string site,
        string id,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.ReplayAsync(site, id, cancellationToken));

    /// <summary>Takes back what a delivery named and still waits.</summary>
    [Function("DiscardWebhook")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType<WebhookCommandResult>(StatusCodes.Status200OK)]
    public Task<IResult> DiscardDeliveryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/webhooks/{site}/deliveries/{id}/discard")] HttpRequest request,
        string site,
        string id,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.DiscardDeliveryAsync(site, id, cancellationToken));

    /// <summary>Lets the held deletes of a resource go ahead.</summary>
    [Function("ReleaseWebhookDeletes")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType<WebhookCommandResult>(StatusCodes.Status200OK)]
    public Task<IResult> ReleaseDeletesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/webhooks/{site}/held-deletes/{resource}/release")]
        HttpRequest request,
        string site,
        string resource,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.ReleaseDeletesAsync(site, resource, cancellationToken));

    /// <summary>Discards the held deletes of a resource.</summary>
    [Function("DiscardWebhookDeletes")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType<WebhookCommandResult>(StatusCodes.Status200OK)]
    public Task<IResult> DiscardDeletesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/webhooks/{site}/held-deletes/{resource}/discard")]
        HttpRequest request,
        string site,
        string resource,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.DiscardDeletesAsync(site, resource, cancellationToken));

    /// <summary>Has everything that the deliveries of a span of time named read again.</summary>
    [Function("ReplayWebhooks")]
    [RequiresRole(AccessRole.Operator)]
    [QueryParameter("from", "Since when, such as 2026-11-21T08:00Z.")]
    [QueryParameter("to", "Until when.")]
    [ProducesResponseType<WebhookCommandResult>(StatusCodes.Status200OK)]
    public Task<IResult> ReplaySpanAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/webhooks/{site}/replay")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(
            request, () => operations.ReplayAsync(site, Time(request, "from"), Time(request, "to"), cancellationToken));

    /// <summary>What was tried too often, with the reasons.</summary>
    [Function("ListDeadLetters")]
    [RequiresRole(AccessRole.Viewer)]
    [ProducesResponseType<Page<DeadLetter>>(StatusCodes.Status200OK)]
    public Task<IResult> ListDeadLettersAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "webhooks/{site}/dead-letters")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.ListDeadLettersAsync(site, cancellationToken));

    /// <summary>Has a dead letter read again.</summary>
    [Function("RetryDeadLetter")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType<WebhookCommandResult>(StatusCodes.Status200OK)]
    public Task<IResult> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/webhooks/{site}/dead-letters/{key}/retry")] HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.RetryAsync(site, key, cancellationToken));

    /// <summary>Discards a dead letter.</summary>
    [Function("DiscardDeadLetter")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType<WebhookCommandResult>(StatusCodes.Status200OK)]
    public Task<IResult> DiscardAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/webhooks/{site}/dead-letters/{key}/discard")]
        HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => WebhookResponses.AnswerAsync(request, () => operations.DiscardAsync(site, key, cancellationToken));

    private static DateTimeOffset? Time(HttpRequest request, string name)
        => (string?)request.Query[name] is not { Length: > 0 } text ? null
            : QueryParameters.TryReadTime(text, out var time) ? time
            : throw new WebhookProblemException(HttpStatusCode.BadRequest, $"The parameter {name} is no time such as 2026-11-21T08:00Z.");
}
