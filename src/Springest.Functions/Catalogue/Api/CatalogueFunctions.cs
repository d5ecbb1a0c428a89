using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Http;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue.Api;

/// <summary>The mirror over HTTP, below <c>/api/catalogue/{site}/{resource}</c>, for readers.</summary>
public sealed class CatalogueFunctions(CatalogueReader reader, CatalogueStore store, SpringestClients clients)
{
    /// <summary>
    /// One record, with ETag; 304 if the reader has it, 404 if there is none (<c>?deleted=true</c> shows deleted ones too).
    /// </summary>
    [Function("ReadRecord")]
    [RequiresRole(AccessRole.Reader)]
    [QueryParameter("deleted", "true shows a record that was deleted, too.")]
    [ProducesResponseType<JsonElement>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status304NotModified, Description = "The reader has it: If-None-Match names its ETag.")]
    public async Task<IResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "catalogue/{site}/{resource}/{id:long}")] HttpRequest request,
        string site,
        string resource,
        long id,
        CancellationToken cancellationToken)
    {
        if (!CatalogueAddress.TryFind(clients, site, resource, out var scope, out var problem))
            return Answers.Problem(HttpStatusCode.NotFound, problem);
        var deleted = string.Equals(request.Query["deleted"], "true", StringComparison.OrdinalIgnoreCase);
        return await reader.FindAsync(scope, id, deleted, cancellationToken) is var (etag, json)
            ? Answers.Json(json, etag)
            : Answers.Problem(
                HttpStatusCode.NotFound,
                $"The mirror has no {scope.Resource.Path}/{id}{(deleted ? "" : ", or it was deleted: ?deleted=true shows deleted ones")}.");
    }

    /// <summary>Records in the order of their ids, and a cursor to go on; a null cursor is the end.</summary>
    [Function("ListRecords")]
    [RequiresRole(AccessRole.Reader)]
    [QueryParameter("top", "How many at most: 1 to 1000, 100 if it is not given.")]
    [QueryParameter("cursor", "Where to go on: the cursor of the page before.")]
    [QueryParameter("institute", "Id of an institute, whose records are wanted.")]
    [QueryParameter("subject", "Id of a subject, whose records are wanted.")]
    [QueryParameter("q", "How the name, or a word in it, begins.")]
    [QueryParameter("deleted", "true lists deleted records, too.")]
    [ProducesResponseType<Page<JsonElement>>(StatusCodes.Status200OK)]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "catalogue/{site}/{resource}")] HttpRequest request,
        string site,
        string resource)
        => !CatalogueAddress.TryFind(clients, site, resource, out var scope, out var problem)
            ? Answers.Problem(HttpStatusCode.NotFound, problem)
        : !CatalogueQuery.TryRead(request, scope.Resource, scope.Path, out var query, out problem)
            ? Answers.Problem(HttpStatusCode.BadRequest, problem)
        // The function's own token ends with it; the answer is sent after that.
        : await reader.ListAsync(scope, query, request.HttpContext.RequestAborted);

    /// <summary>The passes over a resource, the newest first.</summary>
    [Function("ListPasses")]
    [RequiresRole(AccessRole.Reader)]
    [QueryParameter("top", "How many at most: 1 to 1000, 100 if it is not given.")]
    [QueryParameter("cursor", "Where to go on: the cursor of the page before.")]
    [ProducesResponseType<Page<PassEntry>>(StatusCodes.Status200OK)]
    public async Task<IResult> ListPassesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "catalogue/{site}/{resource}/passes")] HttpRequest request,
        string site,
        string resource,
        CancellationToken cancellationToken)
        => !CatalogueAddress.TryFind(clients, site, resource, out var scope, out var problem)
            ? Answers.Problem(HttpStatusCode.NotFound, problem)
        : !CatalogueQuery.TryReadPage(request, store.Passes(scope).Name, out var query, out problem)
            ? Answers.Problem(HttpStatusCode.BadRequest, problem)
        : await reader.ListPassesAsync(scope, query, cancellationToken);

    /// <summary>
    /// Changes in the order in which they were made, up to two minutes ago, and a cursor to go on later: whoever keeps to the cursors
    /// misses none, and whoever comes back too late is answered 410, with the snapshot to load.
    /// </summary>
    [Function("ListChanges")]
    [RequiresRole(AccessRole.Reader)]
    [QueryParameter("top", "How many at most: 1 to 1000, 100 if it is not given.")]
    [QueryParameter("after", "Where to go on: the cursor of the answer before, a time such as 2026-01-31T08:00:00Z, or now.")]
    [ProducesResponseType<Page<ChangeEntry>>(StatusCodes.Status200OK)]
    [ProducesResponseType<ProblemDetails>(
        StatusCodes.Status410Gone, "application/problem+json",
        Description = "Changes after the cursor are no longer kept. The snapshot is to be loaded, and its cursor to go on with.")]
    public async Task<IResult> ListChangesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "catalogue/{site}/{resource}/changes")] HttpRequest request,
        string site,
        string resource,
        CancellationToken cancellationToken)
    {
        if (!CatalogueAddress.TryFind(clients, site, resource, out var scope, out var problem))
            return Answers.Problem(HttpStatusCode.NotFound, problem);
        var feed = store.Changes(scope);
        if (!CatalogueQuery.TryReadChanges(request, feed.Name, ChangeFeed.KeyOf(feed.Horizon), out var query, out problem))
            return Answers.Problem(HttpStatusCode.BadRequest, problem);
        return await reader.FindChangesAsync(scope, query, cancellationToken) is var (changes, next)
            ? CatalogueReader.ListChanges(changes, feed.Name, next)
            : await GoneAsync(scope, cancellationToken);
    }

    /// <summary>
    /// The fields of records, at every level, that are not documented, and those whose type has changed: each with its type, whether it
    /// is documented, and since when.
    /// </summary>
    [Function("ListFields")]
    [RequiresRole(AccessRole.Reader)]
    [ProducesResponseType<Page<FieldEntry>>(StatusCodes.Status200OK)]
    public async Task<IResult> ListFieldsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "catalogue/{site}/{resource}/fields")] HttpRequest request,
        string site,
        string resource,
        CancellationToken cancellationToken)
        => !CatalogueAddress.TryFind(clients, site, resource, out var scope, out var problem)
            ? Answers.Problem(HttpStatusCode.NotFound, problem)
        : await reader.ListFieldsAsync(scope, cancellationToken);

    private async Task<IResult> GoneAsync(MirrorScope scope, CancellationToken cancellationToken)
    {
        var from = await store.Changes(scope).BeginningAsync(cancellationToken);
        var latest = await store.Snapshots(scope).FindLatestAsync(cancellationToken);
        return TypedResults.Problem(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Changes before {from:u} are no longer kept. Load the snapshot, then go on with its cursor."),
            statusCode: StatusCodes.Status410Gone,
            title: "Gone",
            type: "about:blank",
            extensions: [
                new("snapshot", latest?.GetProperty("folder").GetString()),
                new("cursor", latest?.TryGetProperty("cursor", out var cursor) is true ? cursor.GetString() : null),
            ]);
    }
}
