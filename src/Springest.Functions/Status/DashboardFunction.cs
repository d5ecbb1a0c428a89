using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;

namespace Springest.Functions.Status;

/// <summary>
/// The page that shows the status to people. It is open to everybody because there is nothing in it: it asks for an access
/// key, keeps it in the browser's tab, and fetches the figures with it.
/// </summary>
public sealed class DashboardFunction(DashboardPage page)
{
    internal const string Name = "GetDashboard";

    /// <summary>The page that shows the status to people.</summary>
    [Function(Name)]
    [Public("It holds no data, and asks for the key itself.")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "text/html")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard")] HttpRequest request)
    {
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var headers = request.HttpContext.Response.Headers;
        // Nothing but the page's own style and script, and no request to anywhere but here.
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; " +
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        return TypedResults.Text(page.With(nonce), "text/html; charset=utf-8");
    }
}
