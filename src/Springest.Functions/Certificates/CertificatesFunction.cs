using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Springest.Functions.Http;

namespace Springest.Functions.Certificates;

/// <summary>What people see of the ledger, and decide about it.</summary>
public sealed class CertificatesFunction(CertificateLedger ledger, CertificateDecisions decisions)
{
    private const int MostListed = 200;

    /// <summary><c>?state=OutcomeUnknown</c>, and <c>&amp;site=nl</c> for those of one site; <c>&amp;top=</c> and <c>&amp;cursor=</c> go through them page by page.</summary>
    [Function("ListCertificates")]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "certificates")] HttpRequestData request, FunctionContext context)
    {
        var (state, site, top, cursor) = (request.Query["state"], request.Query["site"], request.Query["top"] ?? "50", request.Query["cursor"]);
        if (!Enum.TryParse<SubmissionState>(state, ignoreCase: true, out var wanted) || !Enum.IsDefined(wanted))
            return await BadAsync($"state must be one of: {string.Join(", ", Enum.GetNames<SubmissionState>())}.");
        if (!int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out var most) || most is < 1 or > MostListed)
            return await BadAsync($"top must be a number from 1 to {MostListed}.");
        if (site is not null && !ledger.Sites.Contains(site))
            return await BadAsync($"There is no site '{site}'. There are: {string.Join(", ", ledger.Sites)}.");
        return await CertificateListing.ReadAsync(ledger, wanted, site, most, cursor, context.CancellationToken) is { } listing
            ? await AnswerAsync(request, listing)
            : await BadAsync("cursor is not a cursor of this list.");

        Task<HttpResponseData> BadAsync(string sentence) => request.ProblemAsync(HttpStatusCode.BadRequest, sentence);
    }

    /// <summary>One submission; once it is accepted or rejected, this is its receipt or rejection.</summary>
    [Function("GetCertificate")]
    public async Task<HttpResponseData> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "certificates/{site}/{key}")] HttpRequestData request, string site, string key,
        FunctionContext context)
        => await ledger.FindAsync(site, key, context.CancellationToken) is { } row
            ? await AnswerAsync(request, CertificateReport.OfNow(row))
            : await NoneAsync(request, site, key);

    /// <summary>Has it sent again. Of an unknown outcome this says that it did not arrive.</summary>
    [Function("RetryCertificate")]
    public async Task<HttpResponseData> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/certificates/{site}/{key}/retry")] HttpRequestData request, string site, string key,
        FunctionContext context)
        => await AnswerAsync(request, site, key, await decisions.RetryAsync(site, key, context.CancellationToken), "Held, OutcomeUnknown or Waiting");

    /// <summary>Says that it arrived: <c>?id=44001</c>.</summary>
    [Function("AcceptCertificate")]
    public async Task<HttpResponseData> AcceptAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/certificates/{site}/{key}/accept")] HttpRequestData request, string site, string key,
        FunctionContext context)
        => long.TryParse(request.Query["id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
            ? await AnswerAsync(request, site, key, await decisions.AcceptAsync(site, key, id, context.CancellationToken), "Held or OutcomeUnknown")
            : await request.ProblemAsync(HttpStatusCode.BadRequest, "id must be the number that Springest gave to the certificate, such as ?id=44001.");

    private static async Task<HttpResponseData> AnswerAsync(HttpRequestData request, string site, string key, Decision decision, string open)
        => decision switch
        {
            Decision.Done => request.CreateResponse(HttpStatusCode.NoContent),
            Decision.FileGone => await request.ProblemAsync(
                HttpStatusCode.Gone, "Its file is no longer in the drop, so that there is nothing to send: it counts as withdrawn. Put the file in anew to have it submitted."),
            Decision.Unknown => await NoneAsync(request, site, key),
            _ => await request.ProblemAsync(HttpStatusCode.Conflict, $"This can be decided about a submission that is {open}, and this one is not, or was changed meanwhile."),
        };

    private static Task<HttpResponseData> NoneAsync(HttpRequestData request, string site, string key)
        => request.ProblemAsync(HttpStatusCode.NotFound, $"The ledger has no submission '{site}/{key}'. GET certificates?state= lists them.");

    private static Task<HttpResponseData> AnswerAsync<T>(HttpRequestData request, T content)
        => request.JsonAsync(HttpStatusCode.OK, JsonSerializer.SerializeToUtf8Bytes(content, typeof(T), CertificateReportJson.Default));
}
