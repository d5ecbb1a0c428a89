using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

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
        var (site, top) = (request.Query["site"], request.Query["top"] ?? "50");
        if (!Enum.TryParse<SubmissionState>(request.Query["state"], ignoreCase: true, out var state) || !Enum.IsDefined(state)
            || !int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out var most) || most is < 1 or > MostListed
            || (site is not null && !ledger.Sites.Contains(site))
            || await CertificateListing.ReadAsync(ledger, state, site, most, request.Query["cursor"], context.CancellationToken) is not { } listing)
            return request.CreateResponse(HttpStatusCode.BadRequest);
        return await AnswerAsync(request, listing, context.CancellationToken);
    }

    /// <summary>One submission; once it is accepted or rejected, this is its receipt or rejection.</summary>
    [Function("GetCertificate")]
    public async Task<HttpResponseData> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "certificates/{site}/{key}")] HttpRequestData request, string site, string key,
        FunctionContext context)
        => await ledger.FindAsync(site, key, context.CancellationToken) is { } row
            ? await AnswerAsync(request, CertificateReport.OfNow(row), context.CancellationToken)
            : request.CreateResponse(HttpStatusCode.NotFound);

    /// <summary>Has it sent again. Of an unknown outcome this says that it did not arrive.</summary>
    [Function("RetryCertificate")]
    public async Task<HttpResponseData> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/certificates/{site}/{key}/retry")] HttpRequestData request, string site, string key,
        FunctionContext context)
        => Answer(request, await decisions.RetryAsync(site, key, context.CancellationToken));

    /// <summary>Says that it arrived: <c>?id=44001</c>.</summary>
    [Function("AcceptCertificate")]
    public async Task<HttpResponseData> AcceptAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/certificates/{site}/{key}/accept")] HttpRequestData request, string site, string key,
        FunctionContext context)
        => long.TryParse(request.Query["id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
            ? Answer(request, await decisions.AcceptAsync(site, key, id, context.CancellationToken))
            : request.CreateResponse(HttpStatusCode.BadRequest);

    private static HttpResponseData Answer(HttpRequestData request, Decision decision) => request.CreateResponse(decision switch
    {
        Decision.Done => HttpStatusCode.NoContent,
        Decision.Unknown => HttpStatusCode.NotFound,
        _ => HttpStatusCode.Conflict,
    });

    private static async Task<HttpResponseData> AnswerAsync<T>(HttpRequestData request, T content, CancellationToken cancellationToken)
    {
        var response = request.CreateResponse(HttpStatusCode.OK);
        response.Headers.Add("Content-Type", "application/json; charset=utf-8");
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(content, typeof(T), CertificateReportJson.Default), cancellationToken);
        return response;
    }
}
