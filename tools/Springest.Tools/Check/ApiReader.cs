using System.Net;
using Springest.Client;

namespace Springest.Tools.Check;

/// <summary>Reads from one site of the API, at most so many times. Nothing is retried, and too many requests end it.</summary>
internal sealed class ApiReader(SpringestSiteOptions site, int most) : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null })
    {
        BaseAddress = site.Host,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public List<ApiAnswer> Answers { get; } = [];

    /// <param name="path">Below the host, with extension and parameters, but the key.</param>
    /// <param name="certifications">True to use the key for certifications.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ApiAnswer> GetAsync(string path, CancellationToken cancellationToken, bool certifications = false)
    {
        if (Answers.Count == most)
            throw new UserErrorException($"The check is over: {most} requests were sent.");
        var key = certifications && !string.IsNullOrEmpty(site.CertificationsApiKey) ? site.CertificationsApiKey : site.ApiKey;
        var request = $"GET /{Redacted(path)}";
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        try
        {
            using var response = await _http.GetAsync(
                new Uri($"{path}{separator}api_key={Uri.EscapeDataString(key)}", UriKind.Relative), cancellationToken);
            var answer = new ApiAnswer(
                request, response.StatusCode, $"{response.Content.Headers.ContentType}",
                [.. response.Headers.Concat(response.Content.Headers).Select(header => header.Key)],
                await response.Content.ReadAsStringAsync(cancellationToken));
            Answers.Add(answer);
            return answer.Status switch
            {
                HttpStatusCode.Unauthorized => throw new UserErrorException($"{request} is 401: the site does not know the key."),
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

    // Ids and dates are left out: the report may be sent to others.
    private static string Redacted(string path)
        => string.Join('/', path.Split('?')[0].Split('/').Select(segment => char.IsAsciiDigit(segment[0]) ? ":id" : segment))
        + (path.Split('?') is [_, var query] ? $"?{string.Join('&', query.Split('&').Select(parameter => parameter.Split('=')[0]))}" : "");
}
