using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Springest.LocalHost.Workers;
using Content = Springest.LocalHost.Protocol.StreamingMessage.ContentOneofCase;

namespace Springest.LocalHost.Protocol;

/// <summary>The conversation with one worker: what is sent, and which answer belongs to what.</summary>
/// <param name="logs">Takes what the worker logs.</param>
internal sealed class WorkerChannel(ILoggerFactory logs)
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _answers = new();
    private readonly ConcurrentDictionary<string, PendingInvocation> _invocations = new();
    private readonly TaskCompletionSource<StreamingMessage> _gone = NewAnswer();
    private readonly TaskCompletionSource<string> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is still to be sent, for the one stream that sends it.</summary>
    public IAsyncEnumerable<StreamingMessage> Outgoing(CancellationToken cancellationToken) => _outgoing.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Ends when the worker has said who it is.</summary>
    public Task Greeted => _greeted.Task;

    /// <summary>Ends if the worker breaks the protocol; its result is a sentence that says how.</summary>
    public Task<string> Broken => _broken.Task;

    /// <summary>Ends when the worker has closed its stream; its process should follow.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Ends when nothing runs any more.</summary>
    public Task Idle => Task.WhenAny(Task.WhenAll(_invocations.Values.Select(invocation => invocation.Answer.Task)), _gone.Task);

    /// <summary>Asks something, and waits for the answer of a kind.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="kind">The kind of answer.</param>
    /// <param name="id">Tells several questions of a kind apart.</param>
    /// <exception cref="WorkerException">The worker has gone.</exception>
    public Task<StreamingMessage> AskAsync(StreamingMessage question, Content kind, string id = "")
    {
        question.RequestId = Guid.NewGuid().ToString();
        var answer = _answers[$"{kind}/{id}"] = NewAnswer();
        Send(question);
        return UnlessGoneAsync(answer);
    }

    /// <summary>Has a function run, and waits for its end.</summary>
    /// <param name="function">The name, under which its log lines go.</param>
    /// <param name="request">What it runs with.</param>
    /// <param name="cancellationToken">Cancels the function's own token; its end is waited for all the same.</param>
    /// <exception cref="WorkerException">The worker has gone.</exception>
    public async Task<InvocationResponse> InvokeAsync(string function, InvocationRequest request, CancellationToken cancellationToken)
    {
        var pending = _invocations[request.InvocationId] = new(function, NewAnswer());
        try
        {
            Send(new() { InvocationRequest = request });
            await using var cancel = cancellationToken.Register(() => Send(new() { InvocationCancel = new() { InvocationId = request.InvocationId } }));
            return (await UnlessGoneAsync(pending.Answer)).InvocationResponse;
        }
        finally
        {
            _invocations.TryRemove(request.InvocationId, out _);
        }
    }

    /// <summary>Sends something that has no answer.</summary>
    public void Send(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    /// <summary>The worker has closed its stream.</summary>
    public void End() => _ended.TrySetResult();

    /// <summary>The worker has gone: whoever waits for it fails.</summary>
    public void Close(string reason)
    {
        _outgoing.Writer.TryComplete();
        _gone.TrySetException(new WorkerException(reason));
    }

    /// <summary>Takes what the worker sent.</summary>
    public void Receive(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case Content.StartStream when !_greeted.TrySetResult():
                _broken.TrySetResult("The worker said hello twice (StartStream).");
                break;
            case Content.StartStream:
                break;
            case Content.RpcLog:
                Write(message.RpcLog);
                break;
            case Content.InvocationResponse:
                if (_invocations.TryGetValue(message.InvocationResponse.InvocationId, out var invocation))
                    invocation.Answer.TrySetResult(message);
                break;
            case Content.FunctionLoadResponse:
                Answer(message, message.FunctionLoadResponse.FunctionId);
                break;
            default:
                Answer(message, "");
                break;
        }
    }

    private static TaskCompletionSource<StreamingMessage> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<StreamingMessage> UnlessGoneAsync(TaskCompletionSource<StreamingMessage> answer)
        => await await Task.WhenAny(answer.Task, _gone.Task);

    private void Answer(StreamingMessage message, string id)
    {
        if (_answers.TryRemove($"{message.ContentCase}/{id}", out var answer))
            answer.TrySetResult(message);
    }

    // As on the platform: what a function logs goes by the function's name, and what the worker logs besides by its own.
    private void Write(RpcLog entry)
    {
        var own = logs.CreateLogger(entry.Category);
        if (entry.LogCategory is RpcLog.Types.RpcLogCategory.CustomMetric || !own.IsEnabled((LogLevel)entry.Level))
            return;
        var logger = _invocations.TryGetValue(entry.InvocationId, out var invocation) ? logs.CreateLogger($"Function.{invocation.Function}.User") : own;
        var text = entry.Exception is { } exception ? $"{entry.Message}\n{exception.Type}: {exception.Message}\n{exception.StackTrace}" : entry.Message;
        logger.Log((LogLevel)entry.Level, default, text, null, (state, _) => state);
    }

    private sealed record PendingInvocation(string Function, TaskCompletionSource<StreamingMessage> Answer);
}
