using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Http;
using Springest.Functions.Quota.Limiter;

namespace Springest.Functions.Sites;

/// <summary><c>POST /api/manage/quota/{site}/unblock</c>, for operators.</summary>
public sealed class UnblockQuotaFunction(SpringestClients clients, QuotaLimiterRegistry limiters)
{
    /// <summary>Ends the pause that a server asked for. 202: every instance goes on within a minute. 404: an unknown site.</summary>
    [Function("UnblockQuota")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType(StatusCodes.Status202Accepted)]
    public IResult Unblock(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/quota/{site}/unblock")] HttpRequest request, string site)
    {
        if (clients.Find(site) is not { } known)
            return Answers.Problem(HttpStatusCode.NotFound, clients.Unknown(site));
        limiters.Unblock(known);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}
