using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Springest.Functions.Http;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue;

/// <summary>Operators' orders: <c>POST /api/manage/catalogue/{site}/{resource}/{order}</c>, with the master key.</summary>
public sealed class OrderFunction(SpringestClients clients, CatalogueStore store)
{
    /// <summary>Answers 202: the order is carried out by the next tick. 404 for a site, resource or order that there is not.</summary>
    [Function("OrderMirror")]
    public async Task<HttpResponseData> OrderAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "manage/catalogue/{site}/{resource}/{order}")] HttpRequestData request,
        string site,
        string resource,
        string order)
    {
        if (!CatalogueAddress.TryFind(clients, site, resource, out var description, out var problem))
            return await request.ProblemAsync(HttpStatusCode.NotFound, problem);
        if (Parse(order) is not { } kind)
            return await request.ProblemAsync(HttpStatusCode.NotFound, $"There is no order '{order}'. There are: {string.Join(", ", Enum.GetNames<OrderKind>()).ToLowerInvariant()}.");
        await store.Orders(site, description).PlaceAsync(kind, request.FunctionContext.CancellationToken);
        return request.CreateResponse(HttpStatusCode.Accepted);
    }

    private static OrderKind? Parse(string order)
        => Enum.GetNames<OrderKind>().Contains(order, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<OrderKind>(order, ignoreCase: true) : null;
}
