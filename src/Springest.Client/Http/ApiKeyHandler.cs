using System.Net;

namespace Springest.Client.Http;

/// <summary>
/// Adds the key on the last step before the socket and takes it off again, so that nothing outside (logs, traces, metrics,
/// exceptions, a look at the request afterwards) ever sees it.
/// </summary>
internal sealed class ApiKeyHandler(Func<SpringestKey, string> keyFor, HttpMessageHandler innerHandler) : DelegatingHandler(innerHandler)
{
    public static readonly HttpRequestOptionsKey<SpringestKey> Key = new("Springest.Key");

    /// <summary>The real connection. Without a propagator .NET traces no request below this handler; redirects are not followed.</summary>
    public static SocketsHttpHandler CreateConnection(TimeSpan connectTimeout) => new()
    {
        ConnectTimeout = connectTimeout,
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var plain = request.RequestUri!;
        request.Options.TryGetValue(Key, out var key);
        var separator = plain.Query.Length == 0 ? '?' : '&';
        request.RequestUri = new Uri($"{plain.AbsoluteUri}{separator}api_key={Uri.EscapeDataString(keyFor(key))}");
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = plain;
        }
    }
}
