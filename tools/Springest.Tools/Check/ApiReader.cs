using System.Net;
using System.Threading.RateLimiting;
using Springest.Client;

namespace Springest.Tools.Check;

/// <summary>Reads from one site of the API. Nothing is retried, and too many requests end it.</summary>
/// <param name="site">The site.</param>
/// <param name="limiter">Gives the permits for a key; null where nobody counts.</param>
internal sealed class ApiReader(SpringestSiteOptions site, Func<SpringestKey, RateLimiter>? limiter) : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null })
    {
        BaseAddress = site.Host,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public List<ApiAnswer> Answers { get; } = [];

    /// <param name="path">Below the host, with extension and parameters, but the key.</param>
    /// <param name="key">Null to ask without one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ApiAnswer> GetAsync(string path, SpringestKey? key, CancellationToken cancellationToken)
    {
        var request = $"GET /{Redacted(path)}";
        await TakePermitAsync(key ?? SpringestKey.General, request, cancellationToken);
        try
        {
            using var response = await _http.GetAsync(
                new Uri($"{path}{KeyParameter(path, key)}", UriKind.Relative), cancellationToken);
            var answer = new ApiAnswer(
                request, response.StatusCode, $"{response.Content.Headers.ContentType}",
                [.. response.Headers.Concat(response.Content.Headers).Select(header => header.Key)],
                await response.Content.ReadAsStringAsync(cancellationToken));
            Answers.Add(answer);
            return answer.Status switch
            {
                HttpStatusCode.Unauthorized when key is not null => throw new UserErrorException(
                    $"{request} is 401: the site does not know the key."),
                HttpStatusCode.TooManyRequests => throw new UserErrorException(
                    $"{request} is 429: the hour's requests are used up. Try again later."),
                _ => answer,
            };
        }
        // The exception's own words hold the address, and with it the key.
        catch (HttpRequestException e)
        {
            throw new UserErrorException($"{request} got no answer ({e.HttpRequestError}). Is {site.Host} the right host?");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UserErrorException($"{request} was not answered within {_http.Timeout.TotalSeconds} seconds.");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task TakePermitAsync(SpringestKey key, string request, CancellationToken cancellationToken)
    {
        if (limiter is null)
            return;
        using var permit = await limiter(key).AcquireAsync(1, cancellationToken);
        if (!permit.IsAcquired)
            throw new UserErrorException(
                $"{request} was not sent: the app's quota gave no request"
                    + (permit.TryGetMetadata(MetadataName.ReasonPhrase, out var reason) ? $" ({reason})." : "."));
    }

    private string KeyParameter(string path, SpringestKey? key)
    {
        var value = key switch
        {
            null => null,
            SpringestKey.Certifications when !string.IsNullOrEmpty(site.CertificationsApiKey) => site.CertificationsApiKey,
            _ => site.ApiKey,
        };
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return value is null ? "" : $"{separator}api_key={Uri.EscapeDataString(value)}";
    }

    // Ids and dates are left out: the report may be sent to others.
    private static string Redacted(string path)
        => string.Join('/', path.Split('?')[0].Split('/').Select(segment => char.IsAsciiDigit(segment[0]) ? ":id" : segment))
        + (path.Split('?') is [_, var query] ? $"?{string.Join('&', query.Split('&').Select(parameter => parameter.Split('=')[0]))}" : "");
}
