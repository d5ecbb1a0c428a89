using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Http;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue.Api;

/// <summary>Operators' orders: <c>POST /api/manage/catalogue/{site}/{resource}/{order}</c>, with the master key.</summary>
public sealed class ManageCatalogueFunction(SpringestClients clients, CatalogueStore store)
{
    /// <summary>Answers 202: the order is carried out by the next tick. 404 for a site, resource or order that there is not.</summary>
    [Function("OrderMirror")]
    public async Task<IResult> OrderAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/catalogue/{site}/{resource}/{order}")] HttpRequest request,
        string site,
        string resource,
        string order,
        CancellationToken cancellationToken)
    {
        if (!CatalogueAddress.TryFind(clients, site, resource, out var address, out var problem))
            return Answers.Problem(HttpStatusCode.NotFound, problem);
        if (QueryParameters.FindUnknown(request) is { } unknown)
            return Answers.Problem(HttpStatusCode.BadRequest, unknown);
        if (Parse(order) is not { } kind)
            return Answers.Problem(
                HttpStatusCode.NotFound,
                $"There is no order '{order}'. There are: {string.Join(", ", Enum.GetNames<SyncCommand>()).ToLowerInvariant()}.");
        await store.Orders(address.Site, address.Resource).PlaceAsync(kind, cancellationToken);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    private static SyncCommand? Parse(string order)
        => Enum.GetNames<SyncCommand>().Contains(order, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<SyncCommand>(order, ignoreCase: true)
            : null;
}
