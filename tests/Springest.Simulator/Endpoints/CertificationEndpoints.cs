using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary><c>GET /certifications</c>: those that are verified (contract, section 8.13).</summary>
internal static class CertificationEndpoints
{
    public static Reply List(Call call) => ListReply.Page(call, "certifications", call.Catalogue.Certifications.Snapshot());
}
