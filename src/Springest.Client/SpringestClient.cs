using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Springest.Client.Http;
using Springest.Client.Http.Bodies;
using Springest.Client.Reading;

namespace Springest.Client;

/// <summary>
/// The Springest API of one site: one method per endpoint. Make one by its constructor, or get one by
/// <see cref="SpringestServiceCollectionExtensions.AddSpringestClients"/>; it is safe to share. Every call that fails throws
/// <see cref="SpringestException"/>. Reads are retried after transient failures; writes only if it is certain that nothing reached
/// the server, see <see cref="SpringestException.Outcome"/>.
/// </summary>
public partial class SpringestClient
{
    private static readonly Meter s_meter = new(SiteConnection.Name);

    private readonly SiteConnection? _connection;
    private readonly RateLimits _limits = RateLimits.None;

    /// <summary>A client by itself. Make one for a site and keep it: it holds the connections.</summary>
    /// <param name="apiKey">The site's key.</param>
    /// <param name="site">nl, uk, be, de or com; or a name of your own, and its host by <paramref name="configure"/>.</param>
    /// <param name="configure">Further settings.</param>
    /// <exception cref="OptionsValidationException">A setting is missing or wrong; the message names it.</exception>
    public SpringestClient(string apiKey, string site = "nl", Action<SpringestSiteOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(apiKey);
        ArgumentException.ThrowIfNullOrWhiteSpace(site);
        var options = new SpringestSiteOptions { ApiKey = apiKey, Host = SiteOptionsValidator.KnownHost(site) };
        configure?.Invoke(options);
        if (new SiteOptionsValidator(site, $"{nameof(SpringestSiteOptions)}.").Validate(site, options) is { Failed: true } faults)
            throw new OptionsValidationException(site, typeof(SpringestSiteOptions), faults.Failures);

        var logger = NullLogger<SpringestClient>.Instance;
        HttpMessageHandler handler = new ApiKeyHandler(options.KeyFor, ApiKeyHandler.CreateConnection(options.AttemptTimeout));
        foreach (var outer in SiteConnection.CreateHandlers(site, options, TimeProvider.System, s_meter, logger).Reverse())
        {
            outer.InnerHandler = handler;
            handler = outer;
        }
        var http = new HttpClient(handler);
        SiteConnection.Configure(http);
        _connection = new SiteConnection(site, http, options, TimeProvider.System, logger);
    }

    /// <summary>For stand-ins in tests, which override what they need.</summary>
    protected SpringestClient()
    {
    }

    internal SpringestClient(SiteConnection connection, RateLimits limits)
    {
        _connection = connection;
        _limits = limits;
    }

    /// <summary>Name of the site, as registered.</summary>
    public virtual string Site => Connection.Site;

    private SiteConnection Connection
        => _connection ?? throw new InvalidOperationException("This client was made for tests, and what was called is not overridden.");

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
    public virtual SpringestClient WithRateLimiter(
        Func<SpringestKey, RateLimiter?> limiter, Func<SpringestKey, TimeSpan?, CancellationToken, ValueTask>? serverSaysWait = null)
        => new(Connection, new RateLimits(limiter, serverSaysWait));

    private PagedList<T> List<T>(
        string path, JsonTypeInfo<T> type, Func<T, long?> idOf, ListOptions? options, QueryString? query = null,
        SpringestKey key = SpringestKey.General)
        where T : SpringestRecord
    {
        var request = new SpringestRequest(HttpMethod.Get, path, key)
        {
            Query = query?.Values ?? [], DespiteFailures = options is { DespiteFailures: true },
        };
        return new(FetchAsync, idOf, Checked(options), (why, isTransient) => Connection.Endless(request, why, isTransient));

        async Task<SpringestPage<T>> FetchAsync(int offset, int size, CancellationToken cancellationToken)
        {
            var page = await ReadAsync(
                request.With(offset, size), answer => ListReader.Read(answer, request.ListName, offset, type, idOf), cancellationToken)
                    .ConfigureAwait(false);
            Connection.Report(request, page.Skipped);
            return page;
        }
    }

    private async Task<T> GetAsync<T>(
        FormattableString path, JsonTypeInfo<T> type, Func<T, long?> idOf, CancellationToken cancellationToken)
        where T : SpringestRecord
    {
        var request = new SpringestRequest(HttpMethod.Get, FormattableString.Invariant(path));
        var (call, record) = await ReadCallAsync(request, Find, cancellationToken).ConfigureAwait(false);
        return record ?? throw call.Absent();

        T? Find(Answer answer)
        {
            var page = ListReader.Read(answer, request.ListName, offset: 0, type, idOf);
            return IsAbsent(page) ? null : page.Items.FirstOrDefault(item => idOf(item) == request.Id)
                ?? throw new UnreadableException("it holds another record, or one without an id");
        }
    }

    /// <summary>True if the answer to a look-up says that there is no such record.</summary>
    /// <exception cref="UnreadableException">It holds nothing, but its total says that there is something.</exception>
    private static bool IsAbsent<T>(SpringestPage<T> page) => page switch
    {
        { Received: > 0 } => false,
        { Total: > 0 } => throw new UnreadableException($"it holds no record, but its total is {page.Total}"),
        _ => true,
    };

    private async Task<T> ReadAsync<T>(SpringestRequest request, Func<Answer, T> read, CancellationToken cancellationToken)
        => (await ReadCallAsync(request, read, cancellationToken).ConfigureAwait(false)).Value;

    private async Task<(SpringestCall Call, T Value)> ReadCallAsync<T>(
        SpringestRequest request, Func<Answer, T> read, CancellationToken cancellationToken)
    {
        var call = await Connection.SendAsync(request, _limits, cancellationToken).ConfigureAwait(false);
        using var answer = call.Answer!;
        try
        {
            return (call, read(answer));
        }
        catch (UnreadableException e)
        {
            throw call.Unreadable(answer, e.Message);
        }
    }

    /// <summary>Sends a write and decides by its answer whether it was carried out.</summary>
    /// <param name="request">The write.</param>
    /// <param name="names">Names under which the answer may have what was written.</param>
    /// <param name="read">What the caller gets of it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="mark">The field by which what was written is known.</param>
    /// <param name="isSilent">True if nothing is written that an answer could name.</param>
    private async Task<T> WriteAsync<T>(
        SpringestRequest request, IReadOnlyList<string> names, Func<WriteAnswer, T> read, CancellationToken cancellationToken,
        string mark = "id", bool isSilent = false)
    {
        var call = await Connection.SendAsync(request, _limits, cancellationToken).ConfigureAwait(false);
        using var answer = call.Answer!;
        var written = WriteAnswer.Read(answer, names, mark);
        if (written is { HasErrors: true, Records.Count: 0 })
            throw call.Refused(answer);
        var isAccepted = AcceptedAnswer.Parse(Connection.Options.AcceptedStatuses)!.Any(accepted => accepted.Status == (int)answer.Status
            && (!accepted.NeedsRecord || written.Records.Count > 0 || (isSilent && written.IsReadable)));
        return isAccepted ? read(written) : throw call.Unreadable(answer, "it does not say whether it was carried out");
    }

    private static long? FirstId(WriteAnswer written) => written.Ids is [var id, ..] ? id : null;

    private static T? First<T>(WriteAnswer written)
        where T : SpringestRecord
        => written.Records is [{ ValueKind: JsonValueKind.Object } record, ..]
            ? SpringestRecord.FromJson<T>(JsonMarshal.GetRawUtf8Value(record)) : null;

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
