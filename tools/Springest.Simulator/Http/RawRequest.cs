using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Springest.Simulator.Http;

/// <summary>A request as it stood on the wire.</summary>
internal static class RawRequest
{
    /// <summary>The path, percent-encoded as it was sent.</summary>
    public static string RawPath(this HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.StartsWith('/') ? target.Split('?')[0] : request.Path.ToUriComponent();
    }
}
