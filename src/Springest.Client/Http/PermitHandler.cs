using System.Threading.RateLimiting;

namespace Springest.Client.Http;

/// <summary>
/// Takes one permit for each attempt, which is one request on the wire, and tells whoever gives them when the server itself says that there
/// were too many (docs/springest-api.md, section 5).
/// </summary>
internal sealed class PermitHandler : DelegatingHandler
{
    // Permits are too old only if whoever gives them, or what is written with one in hand, takes long. More would be wasted.
    private const int MaxPermits = 3;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = SpringestCall.Of(request);
        // A request without content is repeated by .NET's transport, up to three times, when a pooled connection breaks before the answer.
        request.Content ??= new ByteArrayContent([]);
        if (call.Request.Prepare is { } prepare)
        {
            // Once there is a permit to be had, but before it is taken, since it does not keep.
            (await AcquireAsync(call, 0, cancellationToken).ConfigureAwait(false))?.Dispose();
            await DoAsync(prepare, call, cancellationToken).ConfigureAwait(false);
        }

        using var lease = await AcquireFreshAsync(call, cancellationToken).ConfigureAwait(false);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (SpringestException e) when (e.OverServerRate && call.Limits.ServerSaysWait is not null)
        {
            await call.Limits.ServerSaysWait(call.Key, e.RetryAfter, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    // A permit that is still good when all is done that is to be done with it in hand.
    private static async ValueTask<RateLimitLease?> AcquireFreshAsync(SpringestCall call, CancellationToken cancellationToken)
    {
        for (var permits = 1; ; permits++)
        {
            var lease = await AcquireAsync(call, 1, cancellationToken).ConfigureAwait(false);
            try
            {
                if (call.Request.Begin is { } begin)
                    await DoAsync(begin, call, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                lease?.Dispose();
                throw;
            }
            if (lease is null || !lease.TryGetMetadata(PermitMetadata.TimeLeft, out var left) || left > TimeSpan.Zero)
                return lease;
            using (lease)
            {
                if (permits == MaxPermits)
                    throw call.RateLimited(lease);
            }
        }
    }

    private static async Task DoAsync(Func<CancellationToken, Task> work, SpringestCall call, CancellationToken cancellationToken)
    {
        call.Deadline.Pause();
        try
        {
            await work(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            call.Deadline.Resume();
        }
    }

    private static async ValueTask<RateLimitLease?> AcquireAsync(SpringestCall call, int permits, CancellationToken cancellationToken)
    {
        if (call.Limits.Limiter(call.Key) is not { } limiter)
            return null;
        call.Deadline.Pause();
        var lease = await limiter.AcquireAsync(permits, cancellationToken).ConfigureAwait(false);
        call.Deadline.Resume();
        if (lease.IsAcquired)
            return lease;
        using (lease)
            throw call.RateLimited(lease);
    }
}
