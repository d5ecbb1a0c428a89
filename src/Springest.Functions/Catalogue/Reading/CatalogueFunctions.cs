using System.Net;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Springest.Functions.Http;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue.Reading;

/// <summary>The mirror over HTTP, below <c>/api/catalogue/{site}/{resource}</c>, with a function key.</summary>
public sealed class CatalogueFunctions(CatalogueReader reader, SpringestClients clients)
{
    /// <summary>One record, with ETag; 304 if the reader has it, 404 if there is none (<c>?deleted=true</c> shows deleted ones too).</summary>
    [Function("ReadRecord")]
    public async Task<HttpResponseData> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "catalogue/{site}/{resource}/{id:long}")] HttpRequestData request,
        string site,
        string resource,
        long id)
    {
        if (!CatalogueAddress.TryFind(clients, site, resource, out var description, out var problem))
            return await request.ProblemAsync(HttpStatusCode.NotFound, problem);
        var deleted = string.Equals(request.Query["deleted"], "true", StringComparison.OrdinalIgnoreCase);
        if (await reader.FindAsync(site, description, id, deleted, request.FunctionContext.CancellationToken) is not var (etag, json))
            return await request.ProblemAsync(HttpStatusCode.NotFound, $"The copy has no {description.Path}/{id}{(deleted ? "" : ", or it was deleted: ?deleted=true shows deleted ones")}.");
        if (!request.Headers.TryGetValues("If-None-Match", out var known) || !known.Any(tags => tags.Contains(etag, StringComparison.Ordinal) || tags.Trim() == "*"))
            return await AnswerAsync(request, json, etag);
        var response = request.CreateResponse(HttpStatusCode.NotModified);
        response.Headers.Add("ETag", etag);
        return response;
    }

    /// <summary>Records in the order of their ids, and a cursor to go on; a null cursor is the end.</summary>
    [Function("ListRecords")]
    public Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "catalogue/{site}/{resource}")] HttpRequestData request, string site, string resource)
        => AnswerListAsync(request, site, resource, CatalogueReader.ListName, CatalogueQuery.RecordsCursor, reader.ListAsync);

    /// <summary>
    /// Changes in the order in which they were made, up to two minutes ago, and a cursor to go on later: whoever keeps to the cursors
    /// misses none.
    /// </summary>
    [Function("ListChanges")]
    public Task<HttpResponseData> ListChangesAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "catalogue/{site}/{resource}/changes")] HttpRequestData request, string site, string resource)
        => AnswerListAsync(request, site, resource, CatalogueReader.ChangesName, CatalogueQuery.ChangesCursor, reader.ListChangesAsync);

    /// <summary>The fields that records have had, at every level, each with its types, whether it is documented, and since when.</summary>
    [Function("ListFields")]
    public async Task<HttpResponseData> ListFieldsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "catalogue/{site}/{resource}/fields")] HttpRequestData request, string site, string resource)
        => CatalogueAddress.TryFind(clients, site, resource, out var description, out var problem)
            ? await AnswerAsync(request, await reader.ListFieldsAsync(site, description, request.FunctionContext.CancellationToken))
            : await request.ProblemAsync(HttpStatusCode.NotFound, problem);

    private async Task<HttpResponseData> AnswerListAsync(
        HttpRequestData request,
        string site,
        string resource,
        Func<string, ResourceDescription, string> nameOf,
        string cursor,
        Func<string, ResourceDescription, CatalogueQuery, CancellationToken, Task<string>> list)
    {
        if (!CatalogueAddress.TryFind(clients, site, resource, out var description, out var problem))
            return await request.ProblemAsync(HttpStatusCode.NotFound, problem);
        if (!CatalogueQuery.TryRead(request.Query, description, nameOf(site, description), cursor, out var query, out problem))
            return await request.ProblemAsync(HttpStatusCode.BadRequest, problem);
        return await AnswerAsync(request, await list(site, description, query, request.FunctionContext.CancellationToken));
    }

    private static async Task<HttpResponseData> AnswerAsync(HttpRequestData request, string json, string? etag = null)
    {
        var response = await request.JsonAsync(HttpStatusCode.OK, Encoding.UTF8.GetBytes(json));
        if (etag is not null)
            response.Headers.Add("ETag", etag);
        return response;
    }
}
