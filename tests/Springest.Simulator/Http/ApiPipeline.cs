using System.Globalization;
using Microsoft.AspNetCore.Http;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Keys;
using Springest.Simulator.Recording;

namespace Springest.Simulator.Http;

/// <summary>The way of every request: recorded, counted, delayed, perhaps spoilt, authenticated, handled, answered.</summary>
internal sealed class ApiPipeline(SimulatorServer simulator)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var sent = context.Request.Query["api_key"].ToString();
        var key = simulator.Keys.Find(sent);
        var entry = simulator.Requests.Begin(context.Request, key?.Name ?? (sent.Length == 0 ? "missing" : "wrong"));
        var body = new CountingStream(context.Request.Body);
        context.Request.Body = body;
        // What is recorded if an endpoint throws; the server then answers 500 by itself.
        var (outcome, status) = (RequestOutcome.Failed, (int?)500);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, simulator.Stopping);
        try
        {
            (outcome, status) = await AnswerAsync(context, entry, key, ended.Token);
        }
        catch (Exception broken) when (ended.IsCancellationRequested && broken is OperationCanceledException or IOException)
        {
            (outcome, status) = (RequestOutcome.Abandoned, null);
            context.Abort();
        }
        finally
        {
            simulator.Requests.End(entry with { Outcome = outcome, Status = status, BodySize = body.Count });
        }
    }

    private async Task<(RequestOutcome, int?)> AnswerAsync(
        HttpContext context, RecordedRequest entry, SimulatorKey? key, CancellationToken ended)
    {
        var behaviour = simulator.Behaviour;
        var limited = key is null ? null : simulator.RateLimiter.Refuses(key, behaviour.RateLimit, entry.Time);
        var delay = behaviour.Latency.Next();
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, simulator.Clock, ended);
        if (limited is { } wait)
            return (RequestOutcome.RateLimited, await context.SendAsync(TooMany(behaviour.RateLimit, wait), ApiFormat.Json, behaviour));

        var fault = behaviour.Faults.FirstOrDefault(fault => fault.Takes(entry));
        if (fault is { AfterHandling: false, Kind: not FaultKind.Truncate })
            return (RequestOutcome.Faulted, await context.SendAsync(fault, ended));
        var (reply, format) = await Router.AnswerAsync(context, simulator, key, behaviour);
        return fault switch
        {
            null => (RequestOutcome.Answered, await context.SendAsync(reply, format, behaviour)),
            { Kind: FaultKind.Truncate } => (RequestOutcome.FaultedAfterHandling, await context.TruncateAsync(reply, format, behaviour)),
            _ => (RequestOutcome.FaultedAfterHandling, await context.SendAsync(fault, ended)),
        };
    }

    private static Reply TooMany(RateLimit limit, TimeSpan wait)
    {
        var reply = Reply.Error(limit.Status, "Rate limit exceeded");
        var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return limit.RetryAfter ? reply with { Headers = new Dictionary<string, string> { ["Retry-After"] = seconds } } : reply;
    }
}
