using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Http;
using Springest.Functions.Sites;
using System.Text.Json;

namespace Springest.Functions.Catalogue.Api;

/// <summary>The mirror over HTTP, below <c>/api/catalogue/{site}/{resource}</c>, with a function key.</summary>
public sealed class CatalogueFunctions(CatalogueReader reader, SpringestClients clients)
{
    /// <summary>
    /// One record, with ETag; 304 if the reader has it, 404 if there is none (<c>?deleted=true</c> shows deleted ones too).
    /// </summary>
    [Function("ReadRecord")]
    [QueryParameter("deleted", "true shows a record that was deleted, too.")]
    [ProducesResponseType<JsonElement>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status304NotModified, Description = "The reader has it: If-None-Match names its ETag.")]
    public async Task<IResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "catalogue/{site}/{resource}/{id:long}")] HttpRequest request,
        string site,
        string resource,
        long id,
        CancellationToken cancellationToken)
    {
        if (!CatalogueAddress.TryFind(clients, site, resource, out var address, out var problem))
            return Answers.Problem(HttpStatusCode.NotFound, problem);
        if (QueryParameters.FindUnknown(request, "deleted") is { } unknown)
            return Answers.Problem(HttpStatusCode.BadRequest, unknown);
        var deleted = string.Equals(request.Query["deleted"], "true", StringComparison.OrdinalIgnoreCase);
        return await reader.FindAsync(address.Site, address.Resource, id, deleted, cancellationToken) is var (etag, json)
            ? Answers.Json(Encoding.UTF8.GetBytes(json), etag)
            : Answers.Problem(
                HttpStatusCode.NotFound,
                $"The copy has no {address.Resource.Path}/{id}{(deleted ? "" : ", or it was deleted: ?deleted=true shows deleted ones")}.");
    }

    /// <summary>Records in the order of their ids, and a cursor to go on; a null cursor is the end.</summary>
    [Function("ListRecords")]
    [QueryParameter("top", "How many at most: 1 to 1000, 100 if it is not given.")]
    [QueryParameter("cursor", "Where to go on: the cursor of the page before.")]
    [QueryParameter("institute", "Id of an institute, whose records are wanted.")]
    [QueryParameter("subject", "Id of a subject, whose records are wanted.")]
    [QueryParameter("q", "How the name, or a word in it, begins.")]
    [QueryParameter("deleted", "true lists deleted records, too.")]
    [ProducesResponseType<Page<JsonElement>>(StatusCodes.Status200OK)]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "catalogue/{site}/{resource}")] HttpRequest request,
        string site,
        string resource,
        CancellationToken cancellationToken)
        => AnswerListAsync(
            request,
            site,
            resource,
            CatalogueReader.ListName,
            CatalogueQuery.RecordsCursor,
            reader.ListAsync,
            cancellationToken);

    /// <summary>
    /// Changes in the order in which they were made, up to two minutes ago, and a cursor to go on later: whoever keeps to the cursors
    /// misses none.
    /// </summary>
    [Function("ListChanges")]
    [QueryParameter("top", "How many at most: 1 to 1000, 100 if it is not given.")]
    [QueryParameter("after", "Where to go on: the cursor of the answer before.")]
    [ProducesResponseType<Page<ChangeEntry>>(StatusCodes.Status200OK)]
    public Task<IResult> ListChangesAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "catalogue/{site}/{resource}/changes")] HttpRequest request,
        string site,
        string resource,
        CancellationToken cancellationToken)
        => AnswerListAsync(
            request,
            site,
            resource,
            CatalogueReader.ChangesName,
            CatalogueQuery.ChangesCursor,
            reader.ListChangesAsync,
            cancellationToken);

    /// <summary>The fields that records have had, at every level, each with its types, whether it is documented, and since when.</summary>
    [Function("ListFields")]
    [ProducesResponseType<Page<FieldEntry>>(StatusCodes.Status200OK)]
    public async Task<IResult> ListFieldsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "catalogue/{site}/{resource}/fields")] HttpRequest request,
        string site,
        string resource,
        CancellationToken cancellationToken)
        => !CatalogueAddress.TryFind(clients, site, resource, out var address, out var problem)
            ? Answers.Problem(HttpStatusCode.NotFound, problem)
        : QueryParameters.FindUnknown(request) is { } unknown ? Answers.Problem(HttpStatusCode.BadRequest, unknown)
        : Answers.Json(Encoding.UTF8.GetBytes(await reader.ListFieldsAsync(address.Site, address.Resource, cancellationToken)));

    private async Task<IResult> AnswerListAsync(
        HttpRequest request,
        string site,
        string resource,
        Func<string, ResourceDescription, string> nameOf,
        string cursor,
        Func<string, ResourceDescription, CatalogueQuery, CancellationToken, Task<string>> list,
        CancellationToken cancellationToken)
    {
        if (!CatalogueAddress.TryFind(clients, site, resource, out var address, out var problem))
            return Answers.Problem(HttpStatusCode.NotFound, problem);
        var (knownSite, description) = address;
        if (!CatalogueQuery.TryRead(request, description, nameOf(knownSite, description), cursor, out var query, out problem))
            return Answers.Problem(HttpStatusCode.BadRequest, problem);
        return Answers.Json(Encoding.UTF8.GetBytes(await list(knownSite, description, query, cancellationToken)));
    }
}
