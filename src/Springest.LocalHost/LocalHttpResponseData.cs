using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Primitives;
using HeaderNames = Microsoft.Net.Http.Headers.HeaderNames;
using SameSite = Microsoft.Azure.Functions.Worker.Http.SameSite;

namespace Springest.LocalHost;

/// <summary>An answer that a function builds and the host sends when the function has ended.</summary>
internal sealed class LocalHttpResponseData(FunctionContext context) : HttpResponseData(context)
{
    private readonly LocalCookies _cookies = new();

    public override HttpStatusCode StatusCode { get; set; } = HttpStatusCode.OK;

    public override HttpHeadersCollection Headers { get; set; } = new();

    public override Stream Body { get; set; } = new MemoryStream();

    public override HttpCookies Cookies => _cookies;

    /// <summary>Sends what a function answered; no answer at all is 204, as on the platform.</summary>
    public static async Task WriteAsync(HttpResponseData? answer, HttpResponse response, CancellationToken cancellationToken)
    {
        if (answer is null)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await using var body = answer.Body;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated)
            if (!string.Equals(name, HeaderNames.TransferEncoding, StringComparison.OrdinalIgnoreCase))
                response.Headers[name] = new StringValues([.. values]);
        (answer.Cookies as LocalCookies)?.AppendTo(response.Cookies);

        if (!MayHaveBody(response))
            return;
        if (body.CanSeek)
        {
            body.Position = 0;
            response.ContentLength = body.Length;
        }

        await body.CopyToAsync(response.Body, cancellationToken);
    }

    private static bool MayHaveBody(HttpResponse response)
        => response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
            && !HttpMethods.IsHead(response.HttpContext.Request.Method);

    private sealed class LocalCookies : HttpCookies
    {
        private readonly List<IHttpCookie> _cookies = [];

        public override void Append(string name, string value) => _cookies.Add(new HttpCookie(name, value));

        public override void Append(IHttpCookie cookie) => _cookies.Add(cookie);

        public override IHttpCookie CreateNew() => new HttpCookie("", "");

        public void AppendTo(IResponseCookies cookies)
        {
            foreach (var cookie in _cookies)
                cookies.Append(cookie.Name, cookie.Value, new CookieOptions
                {
                    Domain = cookie.Domain,
                    Expires = cookie.Expires,
                    HttpOnly = cookie.HttpOnly ?? false,
                    MaxAge = cookie.MaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                    Path = cookie.Path,
                    SameSite = Mode(cookie.SameSite),
                    Secure = cookie.Secure ?? false,
                });
        }

        private static SameSiteMode Mode(SameSite sameSite) => sameSite switch
        {
            SameSite.Lax => SameSiteMode.Lax,
            SameSite.Strict => SameSiteMode.Strict,
            SameSite.ExplicitNone => SameSiteMode.None,
            _ => SameSiteMode.Unspecified,
        };
    }
}
