using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary><c>GET /categories</c> and <c>GET /categories/:id</c> (docs/springest-api.md, section 8.5).</summary>
internal static class CategoryEndpoints
{
    public static Reply List(Call call) => ListReply.Page(call, "categories", call.Catalogue.Categories.Snapshot());

    public static Reply Show(Call call) => ListReply.Single(call, call.Catalogue.Categories);
}
