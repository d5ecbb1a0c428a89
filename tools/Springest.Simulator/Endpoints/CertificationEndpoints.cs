using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>
/// <c>GET /certifications</c>: those that are verified, and that the key is configured for (docs/springest-api.md, sections 7 and 8.13).
/// </summary>
internal static class CertificationEndpoints
{
    public static Reply List(Call call)
        => ListReply.Page(call, "certifications", [.. call.Catalogue.Certifications.Snapshot().Where(one => call.Key.MayUse(one.Id))]);
}
