namespace Springest.Client.Http;

/// <summary>Takes one permit for each attempt, and tells whoever gives them when the server itself says that there were too many.</summary>
internal sealed class PermitHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = SpringestCall.Of(request);
        if (call.Request.Prepare is { } prepare)
        {
            // Once there is a permit to be had, but before it is taken, since it does not keep.
            (await AcquireAsync(call, 0, cancellationToken).ConfigureAwait(false))?.Dispose();
            await prepare(cancellationToken).ConfigureAwait(false);
        }

        using var lease = await AcquireAsync(call, 1, cancellationToken).ConfigureAwait(false);
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

    private static async ValueTask<IDisposable?> AcquireAsync(SpringestCall call, int permits, CancellationToken cancellationToken)
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
