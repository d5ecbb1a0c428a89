using System.Net;
using System.Text.Json.Nodes;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary><c>GET /oembed</c> for pages below <c>www.springest.*/oembed/</c> (docs/springest-api.md, section 8.18).</summary>
internal static class OEmbedEndpoints
{
    public static Reply Show(Call call)
    {
        var text = call.Parameter("url") ?? throw new BadParameterException("url", "is required");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !IsWidget(url))
            return Reply.NotFound();
        return Reply.Ok(new JsonObject
        {
            ["version"] = "1.0",
            ["type"] = "rich",
            ["provider_name"] = "Springest",
            ["provider_url"] = $"https://{url.Host}",
            ["html"] = $"""<iframe src="{WebUtility.HtmlEncode(url.AbsoluteUri)}" width="300" height="200"></iframe>""",
            ["width"] = 300,
            ["height"] = 200,
        });
    }

    private static bool IsWidget(Uri url)
        => url.Scheme is "http" or "https"
            && url.Host.StartsWith("www.springest.", StringComparison.Ordinal)
            && url.AbsolutePath.StartsWith("/oembed/", StringComparison.Ordinal);
}
