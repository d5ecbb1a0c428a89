using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.LocalHost;

/// <summary>A request as a function sees it. Its body is read from the connection as the function reads it.</summary>
internal sealed class LocalHttpRequestData(HttpRequest request, FunctionContext context) : HttpRequestData(context)
{
    public override Stream Body => request.Body;

    public override HttpHeadersCollection Headers { get; }
        = new(request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.AsEnumerable().OfType<string>())));

    public override IReadOnlyCollection<IHttpCookie> Cookies { get; }
        = [.. request.Cookies.Select(cookie => new HttpCookie(cookie.Key, cookie.Value))];

    public override Uri Url { get; } = new(request.Host.HasValue
        ? request.GetEncodedUrl()
        : UriHelper.BuildAbsolute(request.Scheme, new HostString("127.0.0.1"), request.PathBase, request.Path, request.QueryString));

    public override IEnumerable<ClaimsIdentity> Identities { get; } = request.HttpContext.User.Identities;

    public override string Method => request.Method;

    public override HttpResponseData CreateResponse() => new LocalHttpResponseData(FunctionContext);
}
