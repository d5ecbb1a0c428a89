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
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, simulator.Stopping);
        try
        {
            var answer = await DecideAsync(context, entry, key, ended.Token);
            // Whoever has seen the answer finds it recorded.
            if (!answer.Stalls)
                Record(answer.Outcome, answer.Status);
            await answer.SendAsync();
        }
        catch (Exception broken) when (ended.IsCancellationRequested && broken is OperationCanceledException or IOException)
        {
            Record(RequestOutcome.Abandoned, status: null);
            context.Abort();
        }
        catch
        {
            // A bug, or a record that cannot be served: the web server answers 500.
            Record(RequestOutcome.Failed, status: 500);
            throw;
        }

        void Record(RequestOutcome outcome, int? status)
            => simulator.Requests.End(entry with { Outcome = outcome, Status = status, BodySize = body.Count });
    }

    private async Task<Answer> DecideAsync(HttpContext context, RecordedRequest entry, SimulatorKey? key, CancellationToken ended)
    {
        var behaviour = simulator.Behaviour;
        var limited = key is null ? null : simulator.RateLimiter.Refuses(key, behaviour.RateLimit, entry.Time);
        var delay = behaviour.Latency.Next();
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, simulator.Clock, ended);
        if (limited is { } wait)
            return Whole(RequestOutcome.RateLimited, TooMany(behaviour.RateLimit, wait), ApiFormat.Json);

        var fault = behaviour.Faults.FirstOrDefault(fault => fault.Takes(entry));
        if (fault is { AfterHandling: false, Kind: not FaultKind.Truncate })
            return Spoilt(RequestOutcome.Faulted, fault);
        var (reply, format) = await Router.AnswerAsync(context, simulator, key, behaviour);
        return fault switch
        {
            null => Whole(RequestOutcome.Answered, reply, format),
            { Kind: FaultKind.Truncate } => new Answer(
                RequestOutcome.FaultedAfterHandling, reply.Status, () => FaultSender.TruncateAsync(context, reply, format, behaviour)),
            _ => Spoilt(RequestOutcome.FaultedAfterHandling, fault),
        };

        Answer Whole(RequestOutcome outcome, Reply reply, ApiFormat format)
            => new(outcome, reply.Status, () => ReplySender.SendAsync(context, reply, format, behaviour));

        Answer Spoilt(RequestOutcome outcome, Fault fault)
            => new(outcome, fault.Kind == FaultKind.Answer ? fault.Status : null, () => FaultSender.SendAsync(context, fault, ended))
            {
                Stalls = fault.Kind == FaultKind.Stall,
            };
    }

    private static Reply TooMany(RateLimit limit, TimeSpan wait)
    {
        var reply = Reply.Error(limit.Status, "Rate limit exceeded");
        var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return limit.RetryAfter ? reply with { Headers = new Dictionary<string, string> { ["Retry-After"] = seconds } } : reply;
    }

    private sealed record Answer(RequestOutcome Outcome, int? Status, Func<Task> SendAsync)
    {
        public bool Stalls { get; init; }
    }
}
