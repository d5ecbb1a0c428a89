using System.Net;
using System.Security.Cryptography;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.Functions.Status;

/// <summary>
/// The page that shows the status to people. It is open to everybody because there is nothing in it: it asks for the function
/// key, keeps it in the browser's tab, and fetches the figures with it.
/// </summary>
public sealed class DashboardFunction(DashboardPage page)
{
    [Function("GetDashboard")]
    public async Task<HttpResponseData> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "dashboard")] HttpRequestData request)
    {
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var response = request.CreateResponse(HttpStatusCode.OK);
        response.Headers.Add("Content-Type", "text/html; charset=utf-8");
        // Nothing but the page's own style and script, and no request to anywhere but here.
        response.Headers.Add(
            "Content-Security-Policy",
            $"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; " +
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        response.Headers.Add("Referrer-Policy", "no-referrer");
        response.Headers.Add("X-Content-Type-Options", "nosniff");
        response.Headers.Add("Cache-Control", "no-store");
        await response.WriteStringAsync(page.With(nonce), request.FunctionContext.CancellationToken);
        return response;
    }
}
