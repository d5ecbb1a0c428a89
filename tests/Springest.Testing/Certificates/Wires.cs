using System.Net;
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

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Watch?.Invoke(request);
        // The permits have tests of their own, and whoever waits for one would wait for ever.
        if (request.RequestUri!.AbsolutePath.Contains("Quota", StringComparison.Ordinal))
            return await base.SendAsync(request, cancellationToken);
        if (IsForAll(request))
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
        var answer = await base.SendAsync(request, cancellationToken);
        life.Receive();
        return trouble == 1 ? throw new HttpRequestException("The connection broke before the answer.") : answer;
    }

    private static bool IsFile(HttpRequestMessage request)
        => request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.EndsWith(".pdf", StringComparison.Ordinal);

    // What several pieces of work of an instance read once for all must not hold up the one whose turn it is.
    private static bool IsForAll(HttpRequestMessage request)
        => request.RequestUri!.AbsolutePath is var path
            && (path.Contains("Certifications", StringComparison.Ordinal)
                || (request.Method == HttpMethod.Get && path.EndsWith("/manifest.csv", StringComparison.Ordinal)));
}

/// <summary>An instance's way to Springest: a request waits for its turn to arrive, and its answer for its turn to come back.</summary>
internal sealed class SpringestWire(MemorySpringest springest, Lifeline life, Turns turns, Random random) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var what = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        try
        {
            await turns.PassAsync(what, cancellationToken);
        }
        catch (OperationCanceledException) when (random.Next(2) == 0)
        {
            await springest.DelayAsync(request);
            throw;
        }

        life.Send();
        var answer = await springest.AnswerAsync(request, cancellationToken);
        await turns.PassAsync($"answer to {what}", cancellationToken);
        life.Receive();
        return answer;
    }
}
