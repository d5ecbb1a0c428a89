using System.Net;
using System.Text.RegularExpressions;
using Springest.Client.Http;
using Springest.Client.Reading;

namespace Springest.Client;

public partial class SpringestClient
{
    /// <summary>
    /// Any list of the API, record by record as received: <c>ListRaw("trainings", [new("full", "true")])</c> reads
    /// <c>GET /trainings.json?full=true</c>.
    /// </summary>
    /// <param name="path">Below the host, without extension: segments of letters, digits and <c>_ - . ~ %</c>.</param>
    /// <param name="query">Further parameters, not escaped.</param>
    /// <param name="key">The key to use.</param>
    /// <param name="options">How the list is fetched.</param>
    public virtual SpringestList<RawRecord> ListRaw(
        string path, IEnumerable<KeyValuePair<string, string>>? query = null, SpringestKey key = SpringestKey.General,
            ListOptions? options = null)
    {
        var request = RawRequest(path, query, key) with { DespiteFailures = options is { DespiteFailures: true } };
        return new PagedList<RawRecord>(
            FetchAsync, record => record.Id, Checked(options), (why, isTransient) => Connection.Endless(request, why, isTransient));

        Task<SpringestPage<RawRecord>> FetchAsync(int offset, int size, CancellationToken cancellationToken)
            => ReadAsync(request.With(offset, size), answer => ListReader.ReadRaw(answer, request.ListName, offset), cancellationToken);
    }

    /// <summary>Any single record as received, out of its envelope: <c>GetRawAsync("trainings/700123")</c>. Null if there is none (404 or
    /// 410).</summary>
    public virtual async Task<RawRecord?> GetRawAsync(
        string path, SpringestKey key = SpringestKey.General, CancellationToken cancellationToken = default)
    {
        var request = RawRequest(path, null, key);
        try
        {
            return await ReadAsync(request, Find, cancellationToken).ConfigureAwait(false);
        }
        catch (SpringestException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return null;
        }

        RawRecord? Find(Answer answer)
        {
            var page = ListReader.ReadRaw(answer, request.ListName, offset: 0);
            return IsAbsent(page) ? null : page.Items.FirstOrDefault(item => item.Id is null || request.Id is null || item.Id == request.Id)
                ?? throw new UnreadableException("it holds another record, or nothing in its place");
        }
    }

    private static SpringestRequest RawRequest(string path, IEnumerable<KeyValuePair<string, string>>? query, SpringestKey key)
    {
        path = path.TrimStart('/');
        if (!RawPath().IsMatch(path))
            throw new ArgumentException($"'{path}' is no path of the API.", nameof(path));
        KeyValuePair<string, string>[] parameters = [.. query ?? []];
        if (parameters.Any(parameter => string.Equals(parameter.Key, "api_key", StringComparison.OrdinalIgnoreCase)))
            throw new ArgumentException("The client adds the key by itself.", nameof(query));
        return new SpringestRequest(HttpMethod.Get, path, key) { Query = parameters, Extension = "json" };
    }

    // No segment of dots alone: it would climb out of the path.
    [GeneratedRegex(@"^(?!.*(^|/)\.+(/|\z))[A-Za-z0-9_.~%-]+(/[A-Za-z0-9_.~%-]+)*\z")]
    private static partial Regex RawPath();
}
