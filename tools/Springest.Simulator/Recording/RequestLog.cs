using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Springest.Simulator.Http;

namespace Springest.Simulator.Recording;

/// <summary>Every request that the simulator received. Whoever has seen an answer finds its request recorded as answered.</summary>
public sealed class RequestLog(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<RecordedRequest> _requests = [];
    private readonly List<Waiter> _waiters = [];
    private long _arrived;
    private long _cleared;

    /// <summary>Requests since the start or the last <see cref="Clear"/>.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _requests.Count;
        }
    }

    /// <summary>The requests so far, in order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Snapshot()
    {
        lock (_lock)
            return [.. _requests];
    }

    /// <summary>Forgets the requests so far.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
            _cleared = _arrived;
        }
    }

    /// <summary>The first request that fits, waiting for it if need be. It is looked at on arrival and again when answered.</summary>
    public async Task<RecordedRequest> WaitForAsync(Func<RecordedRequest, bool> predicate, CancellationToken cancellationToken = default)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_requests.FirstOrDefault(predicate) is { } request)
                return request;
            waiter = new Waiter(predicate, new TaskCompletionSource<RecordedRequest>(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiters.Add(waiter);
        }

        try
        {
            return await waiter.Found.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
                _waiters.Remove(waiter);
        }
    }

    /// <summary>
    /// The most requests that arrived within any stretch of time of this length and were not refused by the rate limit; of
    /// one key, or of all.
    /// </summary>
    public int MostWithin(TimeSpan window, string? key = null)
    {
        var times = Snapshot()
            .Where(request => request.Outcome != RequestOutcome.RateLimited && (key is null || request.Key == key))
            .Select(request => request.Time).Order().ToArray();
        var most = 0;
        for (int first = 0, last = 0; last < times.Length; last++)
        {
            while (times[last] - times[first] >= window)
                first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    internal RecordedRequest Begin(HttpRequest request, string key)
    {
        lock (_lock)
        {
            var (path, query) = (request.RawPath(), QueryWithoutKey(request));
            var arrived = new RecordedRequest(++_arrived, clock.GetUtcNow(), request.Method, path, query, key);
            _requests.Add(arrived);
            Tell(arrived);
            return arrived;
        }
    }

    internal void End(RecordedRequest request)
    {
        lock (_lock)
        {
            var ended = request with { Duration = clock.GetUtcNow() - request.Time };
            var index = (int)(request.Number - _cleared - 1);
            if (index >= 0)
                _requests[index] = ended;
            Tell(ended);
        }
    }

    private void Tell(RecordedRequest request)
    {
        foreach (var waiter in _waiters)
        {
            if (waiter.Predicate(request))
                waiter.Found.TrySetResult(request);
        }
    }

    private static string QueryWithoutKey(HttpRequest request)
        => string.Join('&', request.QueryString.ToUriComponent().TrimStart('?').Split('&')
            .Where(pair => !QueryHelpers.ParseQuery(pair).ContainsKey("api_key")));

    private sealed record Waiter(Func<RecordedRequest, bool> Predicate, TaskCompletionSource<RecordedRequest> Found);
}
