using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Springest.Testing.Memory;

namespace Springest.Testing.Certificates;

/// <summary>
/// An instance's way to storage: each request waits for its turn, and now and then a connection breaks, before or after it was carried out.
/// </summary>
internal sealed class StorageWire(MemoryStorage storage, Lifeline life, Turns turns, Random random) : DelegatingHandler(storage)
{
    /// <summary>One connection in so many breaks; 0 for none.</summary>
    public int Trouble { get; set; }

    /// <summary>Is shown each request.</summary>
    public Action<HttpRequestMessage>? Watch { get; set; }

    /// <summary>One file in so many cannot be fetched; 0 for none.</summary>
    public int FileTrouble { get; set; }

    /// <summary>One answer of a table in so many waits for a turn of its own: the app stalls there; 0 for none.</summary>
    public int Stalls { get; set; }

    /// <summary>Which of the guards against a second submission does not work.</summary>
    public RemovedGuard Removed { get; set; }

    /// <summary>Whether the instance is of an earlier version, which sets no mark and says so.</summary>
    public bool IsOld { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Watch?.Invoke(request);
        // The permits have tests of their own, and whoever waits for one would wait for ever.
        if (request.RequestUri!.AbsolutePath.Contains("Quota", StringComparison.Ordinal))
            return await base.SendAsync(request, cancellationToken);
        if (IsForAll(request) || await IsOfCountersAsync(request, cancellationToken))
        {
            life.Receive();
            return await base.SendAsync(request, cancellationToken);
        }

        await turns.PassAsync($"{request.Method} {request.RequestUri!.AbsolutePath.Split('(')[0]}", cancellationToken);
        life.Send();
        var trouble = Trouble > 0 && random.Next(Trouble) == 0 ? random.Next(2) : -1;
        if (FileTrouble > 0 && IsFile(request) && random.Next(FileTrouble) == 0)
            return new HttpResponseMessage(HttpStatusCode.Forbidden);
        if (trouble == 0)
            throw new HttpRequestException("The connection broke before the request was read.");
        if (Removed == RemovedGuard.Row && request.RequestUri.AbsolutePath.Contains("CertificateGuards", StringComparison.Ordinal)
            && !await IsOfKeyAsync(request, cancellationToken))
            return await UnguardedAsync(request, cancellationToken);
        if (request.Content is not null && request.RequestUri.AbsolutePath.Contains("CertificateSubmissions", StringComparison.Ordinal))
            await ForgeAsync(request, cancellationToken);
        var answer = await base.SendAsync(request, cancellationToken);
        if (Stalls > 0 && request.RequestUri.Port == MemoryStorage.TableEndpoint.Port && random.Next(Stalls) == 0)
            await turns.PassAsync("stall", cancellationToken);
        life.Receive();
        return trouble == 1 ? throw new HttpRequestException("The connection broke before the answer.") : answer;
    }

    // There is never anything to read, and whatever is written is well.
    private Task<HttpResponseMessage> UnguardedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Get)
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent) { Headers = { { "ETag", "W/\"1\"" } } });
        request.RequestUri = new Uri(request.RequestUri!.AbsoluteUri.Replace("RowKey='", "RowKey='none", StringComparison.Ordinal));
        return base.SendAsync(request, cancellationToken);
    }

    /// <summary>Writes as an earlier version would, or as if there were no marks.</summary>
    private async Task ForgeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!IsOld && Removed != RemovedGuard.Mark)
            return;
        var row = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsObject();
        if (row["State"]?.GetValue<string>() == "Submitting")
        {
            row.Remove("Sending");
            row.Remove("Sending@odata.type");
            if (IsOld && Removed != RemovedGuard.Version)
                row["Claim"] = $"0{row["Claim"]!.GetValue<string>()[1..]}";
        }

        request.Content = new StringContent(row.ToJsonString(), Encoding.UTF8, "application/json");
    }

    // The key's check is no guard, and without it nothing is sent at all.
    private static async Task<bool> IsOfKeyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => request.RequestUri!.AbsoluteUri.Contains("_key", StringComparison.Ordinal)
            || (request.Content is { } content
                && (await content.ReadAsStringAsync(cancellationToken)).Contains("\"_key\"", StringComparison.Ordinal));

    private static bool IsFile(HttpRequestMessage request)
        => request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.EndsWith(".pdf", StringComparison.Ordinal);

    // What several pieces of work of an instance read once for all must not hold up the one whose turn it is.
    private static bool IsForAll(HttpRequestMessage request)
        => request.RequestUri!.AbsolutePath is var path
            && (path.Contains("Certifications", StringComparison.Ordinal)
                || (request.Method == HttpMethod.Get && path.Contains("/manifest.", StringComparison.Ordinal)));

    // So must not what one piece of work writes down for the others.
    private static async Task<bool> IsOfCountersAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => request.RequestUri!.AbsolutePath.Contains("CertificateState", StringComparison.Ordinal)
            && (request.RequestUri.AbsoluteUri.Contains("counts", StringComparison.Ordinal)
                || (request.Content is { } content
                    && (await content.ReadAsStringAsync(cancellationToken)).Contains("\"counts\"", StringComparison.Ordinal)));
}

/// <summary>An instance's way to Springest: a request waits for its turn to arrive, and its answer for its turn to come back.</summary>
internal sealed class SpringestWire(MemorySpringest springest, Lifeline life, Turns turns) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var what = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        springest.Depart(request, cancellationToken);
        try
        {
            await turns.PassAsync(what, cancellationToken);
        }
        finally
        {
            springest.Arrive(request);
        }

        life.Send();
        var answer = await springest.AnswerAsync(request, cancellationToken);
        await turns.PassAsync($"answer to {what}", cancellationToken);
        life.Receive();
        return answer;
    }
}
