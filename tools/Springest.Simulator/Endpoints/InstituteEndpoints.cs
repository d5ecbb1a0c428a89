using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary><c>GET /institutes</c> and <c>GET /institutes/:id</c> (docs/springest-api.md, section 8.4).</summary>
internal static class InstituteEndpoints
{
    public static Reply List(Call call)
    {
        var institutes = call.Catalogue.Institutes.Snapshot();
        if (call.Parameter("query") is { } query)
            institutes = [.. institutes.Where(institute => institute.Facets.Name.Contains(query, StringComparison.OrdinalIgnoreCase))];
        return ListReply.Page(call, "institutes", institutes);
    }

    public static Reply Show(Call call) => ListReply.Single(call, call.Catalogue.Institutes);
}
