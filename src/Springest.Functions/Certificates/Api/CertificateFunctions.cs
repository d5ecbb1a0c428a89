using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Http;

namespace Springest.Functions.Certificates.Api;

/// <summary>What people see of the ledger, and decide about it.</summary>
public sealed class CertificateFunctions(CertificateLedger ledger, CertificateDecisions decisions, Sentences sentences)
{
    private const int MostListed = 200;

    /// <summary>
    /// <c>?state=OutcomeUnknown</c>, and <c>&amp;site=nl</c> for those of one site; <c>&amp;top=</c> and <c>&amp;cursor=</c> go through
    /// them page by page.
    /// </summary>
    [Function("ListCertificates")]
    [RequiresRole(AccessRole.Viewer)]
    [QueryParameter("state", "Their state, such as OutcomeUnknown.")]
    [QueryParameter("site", "Those of one site.")]
    [QueryParameter("top", "How many at most: 1 to 200, 50 if it is not given.")]
    [QueryParameter("cursor", "Where to go on: the cursor of the page before.")]
    [ProducesResponseType<Page<CertificateReport>>(StatusCodes.Status200OK)]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "certificates")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        (string? state, string? site, string? top, string? cursor) = (
            request.Query["state"],
            request.Query["site"],
            request.Query["top"],
            request.Query["cursor"]);
        if (!Enum.TryParse<SubmissionState>(state, ignoreCase: true, out var wanted) || !Enum.IsDefined(wanted))
            return Bad($"state must be one of: {string.Join(", ", Enum.GetNames<SubmissionState>())}.");
        if (!int.TryParse(top ?? "50", NumberStyles.None, CultureInfo.InvariantCulture, out var most) || most is < 1 or > MostListed)
            return Bad($"top must be a number from 1 to {MostListed}.");
        if (site is not null && ledger.FindSite(site) is null)
            return Bad($"There is no site '{site}'. There are: {string.Join(", ", ledger.Sites)}.");
        site = site is null ? null : ledger.FindSite(site);
        return await CertificateLists.ReadAsync(ledger, wanted, site, most, cursor, cancellationToken) is { } listing
            ? Answers.Json(listing, CertificateReportJson.Default)
            : Bad("cursor is not a cursor of this list.");

        static ProblemHttpResult Bad(string sentence) => Answers.Problem(HttpStatusCode.BadRequest, sentence);
    }

    /// <summary>One submission; once it is accepted or rejected, this is its receipt or rejection.</summary>
    [Function("GetCertificate")]
    [RequiresRole(AccessRole.Viewer)]
    [ProducesResponseType<CertificateReport>(StatusCodes.Status200OK)]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "certificates/{site}/{key}")] HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => await ledger.FindRowAsync(SiteOf(site), key, cancellationToken) is { } row
            ? Answers.Json(
                CertificateReport.OfNow(row) with
                {
                    History = await ledger.ListEventsAsync(row, cancellationToken).Select(CertificateEvent.Of)
                        .ToListAsync(cancellationToken),
                },
                CertificateReportJson.Default)
            : None(site, key);

    /// <summary>
    /// Everything about a person, a number or a file: <c>{ "email": "jo@example.org" }</c>, <c>certificateId</c> or <c>file</c>, with its
    /// folders or without; or what came for a <c>certificationId</c>, in a <c>month</c> such as <c>2026-03</c>, or both; and <c>site</c>.
    /// In the body, since addresses of requests are written down.
    /// </summary>
    [Function("SearchCertificates")]
    [RequiresRole(AccessRole.Viewer)]
    [ProducesResponseType<Page<CertificateReport>>(StatusCodes.Status200OK)]
    public async Task<IResult> SearchAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "certificates/search")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var wanted = await JsonBody.ReadAsync(request, CertificateApiJson.Default.SearchRequest, cancellationToken);
        var given = ((object?[])[wanted?.Email, wanted?.CertificateId, wanted?.File]).Count(each => each is not null);
        var isList = wanted?.CertificationId is not null || wanted?.Month is not null;
        if (given != (isList ? 0 : 1))
            return Answers.Problem(
                HttpStatusCode.BadRequest,
                "The body must be JSON with one of email, certificateId and file, such as { \"certificateId\": 44001 }, or with "
                    + "certificationId, month or both.");
        if (wanted!.FindSpan(TimeZoneInfo.Utc) is null)
            return Answers.Problem(HttpStatusCode.BadRequest, "month must be a month such as 2026-03.");
        if (wanted.Site is { } site && ledger.FindSite(site) is null)
            return Answers.Problem(HttpStatusCode.BadRequest, $"There is no site '{site}'. There are: {string.Join(", ", ledger.Sites)}.");
        var sites = wanted.Site is null ? ledger.Sites : [ledger.FindSite(wanted.Site)!];
        var found = await sites.ToAsyncEnumerable()
            .SelectMany(each => SearchAsync(each, isList, wanted, cancellationToken))
            .OrderByDescending(row => row.Received)
            .Take(MostListed)
            .Select(CertificateReport.OfNow)
            .ToListAsync(cancellationToken);
        return Answers.Json(new Page<CertificateReport>(found), CertificateReportJson.Default);
    }

    /// <summary>Says of a refusal that nothing has to be done about it any more.</summary>
    [Function("DismissCertificate")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType(StatusCodes.Status204NoContent, Description = "The decision is carried out.")]
    public Task<IResult> DismissAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/certificates/{site}/{key}/dismiss")] HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => DecideAsync(
            request, site, key, (at, by) => decisions.DismissAsync(at, key, by, cancellationToken), "refused and not dealt with");

    /// <summary>Takes back that nothing has to be done about a refusal.</summary>
    [Function("ReopenCertificate")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType(StatusCodes.Status204NoContent, Description = "The decision is carried out.")]
    public Task<IResult> ReopenAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/certificates/{site}/{key}/reopen")] HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => DecideAsync(
            request, site, key, (at, by) => decisions.ReopenAsync(at, key, by, cancellationToken), "refused and closed by a person");

    /// <summary>Has a duplicate submitted all the same, once its file is put back.</summary>
    [Function("SubmitDuplicate")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType(StatusCodes.Status204NoContent, Description = "The decision is carried out.")]
    public Task<IResult> LetThroughAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/certificates/{site}/{key}/submit")] HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => DecideAsync(request, site, key, (at, by) => decisions.LetThroughAsync(at, key, by, cancellationToken), "a duplicate");

    /// <summary>Has it sent again. Of an unknown outcome this says that it did not arrive.</summary>
    [Function("RetryCertificate")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType(StatusCodes.Status204NoContent, Description = "The decision is carried out.")]
    public Task<IResult> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/certificates/{site}/{key}/retry")] HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => DecideAsync(
            request, site, key, (at, by) => decisions.RetryAsync(at, key, by, cancellationToken), "Held, OutcomeUnknown, Waiting or Ready");

    /// <summary>Says that it arrived: <c>?id=44001</c>.</summary>
    [Function("AcceptCertificate")]
    [RequiresRole(AccessRole.Operator)]
    [QueryParameter("id", "The number that Springest gave to the certificate.")]
    [ProducesResponseType(StatusCodes.Status204NoContent, Description = "The decision is carried out.")]
    public async Task<IResult> AcceptAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/certificates/{site}/{key}/accept")] HttpRequest request,
        string site,
        string key,
        CancellationToken cancellationToken)
        => long.TryParse(request.Query["id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
            ? await DecideAsync(
                request, site, key, (at, by) => decisions.AcceptAsync(at, key, id, by, cancellationToken), "Held or OutcomeUnknown")
            : Answers.Problem(
                HttpStatusCode.BadRequest, "id must be the number that Springest gave to the certificate, such as ?id=44001.");

    private IAsyncEnumerable<LedgerRow> SearchAsync(
        string site, bool isList, SearchRequest wanted, CancellationToken cancellationToken)
        => isList && wanted.FindSpan(sentences.For(site).Zone) is var (from, until)
            // The newest first; what is found otherwise comes in no order.
            ? ledger.ListReceivedAsync(site, wanted.CertificationId, from, until, cancellationToken).Take(MostListed)
            : ledger.SearchAsync(site, wanted.Email, wanted.CertificateId, wanted.File, cancellationToken);

    private async Task<IResult> DecideAsync(
        HttpRequest request, string site, string key, Func<string, string?, Task<DecisionOutcome>> decide, string open)
        => await decide(SiteOf(site), Caller.Find(request)?.ToString()) switch
        {
            DecisionOutcome.Done => TypedResults.NoContent(),
            DecisionOutcome.FileGone => Answers.Problem(
                HttpStatusCode.Gone,
                "The file is no longer in the upload container, so there is nothing to send, and the submission counts as withdrawn. "
                    + "Upload the file again to have it submitted."),
            DecisionOutcome.Unknown => None(site, key),
            DecisionOutcome.TooEarly => Answers.Problem(
                HttpStatusCode.Conflict,
                "What was sent may still be on its way to Springest. Look there once more in some minutes, and decide then."),
            DecisionOutcome.NumberTaken => Answers.Problem(
                HttpStatusCode.Conflict,
                "Another submission was accepted under this number: POST certificates/search with the certificateId shows it."),
            _ => Answers.Problem(
                HttpStatusCode.Conflict,
                $"This can be decided about a submission that is {open}, and this one is not, or was changed meanwhile."),
        };

    // Whatever its case; one that there is not has no submissions.
    private string SiteOf(string name) => ledger.FindSite(name) ?? name;

    private static ProblemHttpResult None(string site, string key)
        => Answers.Problem(HttpStatusCode.NotFound, $"The ledger has no submission '{site}/{key}'. GET certificates?state= lists them.");
}
