using System.Text.Json.Serialization.Metadata;
using System.Threading.RateLimiting;
using Springest.Client.Http;
using Springest.Client.Json;

namespace Springest.Client;

/// <summary>
/// The Springest API of one site: one method per endpoint. Get one by
/// <see cref="SpringestServiceCollectionExtensions.AddSpringestClients"/>; it is safe to share. Every call that fails throws
/// <see cref="SpringestException"/>. Reads are tried again after passing faults; writes only if it is certain that nothing reached
/// the server, see <see cref="SpringestException.OutcomeUnknown"/>.
/// </summary>
public sealed partial class SpringestClient
{
    private readonly SiteConnection _connection;
    private readonly RateLimits _limits;

    internal SpringestClient(SiteConnection connection, RateLimits limits)
    {
        _connection = connection;
        _limits = limits;
    }

    /// <summary>Name of the site, as registered.</summary>
    public string Site => _connection.Site;

    /// <summary>
    /// The same client taking one permit per attempt (retries included) from the limiter of the key that the request uses.
    /// It waits by <see cref="RateLimiter.AcquireAsync"/>; a failed lease becomes a <see cref="SpringestException"/> with
    /// <see cref="SpringestException.RateLimited"/> and the lease's Retry-After, and nothing is sent.
    /// </summary>
    /// <param name="limiter">
    /// The limiter of a key; null for none. Where <see cref="SpringestSiteOptions.CertificationsApiKey"/> is not set, or the same,
    /// everything counts under <see cref="SpringestKey.General"/>.
    /// </param>
    /// <param name="serverSaysWait">
    /// Awaited whenever the server itself refuses for its rate limit (429, 503 with Retry-After, 403 that speaks of a rate limit),
    /// before the client goes on: the key, and the time to wait, null if the server did not say. Hold back the key's other
    /// permits here. It must not throw.
    /// </param>
    public SpringestClient WithRateLimiter(
        Func<SpringestKey, RateLimiter?> limiter, Func<SpringestKey, TimeSpan?, CancellationToken, ValueTask>? serverSaysWait = null)
        => new(_connection, new RateLimits(limiter, serverSaysWait));

    private PagedList<T> List<T>(
        string path, JsonTypeInfo<T> type, Func<T, long?> idOf, ListOptions? options, QueryString? query = null,
        SpringestKey key = SpringestKey.General)
        where T : SpringestRecord
    {
        var request = new SpringestRequest(HttpMethod.Get, path, key) { Query = query?.Values ?? [] };
        return new(FetchAsync, idOf, Checked(options));

        async Task<SpringestPage<T>> FetchAsync(int offset, int size, CancellationToken cancellationToken)
        {
            var (answer, call) = await _connection.SendAsync(request.With(offset, size), _limits, cancellationToken).ConfigureAwait(false);
            using (answer)
            {
                var (items, total) = AnswerReader.ReadList(call, answer, request.ListName, type, idOf);
                return new(items, offset, total);
            }
        }
    }

    private Task<T> GetAsync<T>(FormattableString path, JsonTypeInfo<T> type, Func<T, long?> idOf, CancellationToken cancellationToken)
        where T : SpringestRecord
        => AskAsync(
            new SpringestRequest(HttpMethod.Get, FormattableString.Invariant(path)),
            (call, answer) => AnswerReader.ReadList(call, answer, call.Request.ListName, type, idOf).Items is [var item, ..]
                ? item
                : throw call.Absent(),
            cancellationToken);

    private async Task<T> AskAsync<T>(SpringestRequest request, Func<SpringestCall, Answer, T> read, CancellationToken cancellationToken)
    {
        var (answer, call) = await _connection.SendAsync(request, _limits, cancellationToken).ConfigureAwait(false);
        using (answer)
            return read(call, answer);
    }

    private static SpringestRequest Write<T>(HttpMethod method, FormattableString path, T fields, JsonTypeInfo<T> type)
        => new(method, FormattableString.Invariant(path)) { Content = () => JsonBody.Of(fields, type) };

    private static ListOptions Checked(ListOptions? options)
    {
        options ??= new ListOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.PageSize, 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Prefetch, 1);
        return options;
    }
}
