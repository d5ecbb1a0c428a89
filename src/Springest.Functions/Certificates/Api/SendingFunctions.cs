using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Certificates.Copies;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Http;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates.Api;

/// <summary>What an operator orders for all certificates of a site.</summary>
public sealed class SendingFunctions(
    SpringestClients clients, SendingGate gate, CertificateDecisions decisions, LedgerRestore restore)
{
    /// <summary>Has nothing sent any more: every instance obeys at its next certificate.</summary>
    [Function("StopCertificates")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType(StatusCodes.Status204NoContent, Description = "Nothing more is sent.")]
    public async Task<IResult> StopAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/certificates/{site}/stop")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
    {
        if (clients.Find(site) is not { } known)
            return Answers.Problem(HttpStatusCode.NotFound, clients.Unknown(site));
        await gate.StopAsync(known, null, By(request), cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Has certificates sent, whatever kept them from it. Not while the ledger has yet to be restored.</summary>
    [Function("StartCertificates")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType(StatusCodes.Status204NoContent, Description = "Certificates are sent again.")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/certificates/{site}/start")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => clients.Find(site) is not { } known ? Answers.Problem(HttpStatusCode.NotFound, clients.Unknown(site))
            : await gate.StartAsync(known, cancellationToken) ? TypedResults.NoContent()
            : Answers.Problem(
                HttpStatusCode.Conflict,
                $"The ledger of '{known}' has yet to be restored. Send the command certificates/{known}/restore until it answers 204, "
                    + "then this one.");

    /// <summary><c>?state=Held</c>: has all of a state tried now.</summary>
    [Function("RetryCertificates")]
    [RequiresRole(AccessRole.Operator)]
    [QueryParameter("state", "The state: Held or Waiting.")]
    [ProducesResponseType<RetryResult>(StatusCodes.Status200OK)]
    public async Task<IResult> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/certificates/{site}/retry")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => clients.Find(site) is not { } known ? Answers.Problem(HttpStatusCode.NotFound, clients.Unknown(site))
            : Enum.TryParse<SubmissionState>(request.Query["state"], ignoreCase: true, out var state)
                && state is (SubmissionState.Held or SubmissionState.Waiting)
                ? Answers.Json(
                    new RetryResult(await decisions.RetryAllAsync(known, state, By(request), cancellationToken)),
                    CertificateApiJson.Default)
            : Answers.Problem(HttpStatusCode.BadRequest, "state must be one of: Held, Waiting.");

    /// <summary>
    /// Restores the ledger from its last copy. If the call is cut off, send it again. Sending stays stopped until it is started.
    /// </summary>
    [Function("RestoreCertificates")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType(StatusCodes.Status204NoContent, Description = "The copy is back.")]
    public async Task<IResult> RestoreAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/certificates/{site}/restore")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => clients.Find(site) is not { } known ? Answers.Problem(HttpStatusCode.NotFound, clients.Unknown(site))
            : await restore.RunAsync(known, By(request), cancellationToken) is { } fault ? Answers.Problem(HttpStatusCode.Conflict, fault)
            : TypedResults.NoContent();

    private static string? By(HttpRequest request) => Caller.Find(request)?.ToString();
}
