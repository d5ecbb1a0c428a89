using System.Collections.Concurrent;
using System.Threading.Channels;
using Content = Springest.LocalHost.Protocol.StreamingMessage.ContentOneofCase;

namespace Springest.LocalHost.Protocol;

/// <summary>The conversation with one worker: what is sent to it, and which answer belongs to what.</summary>
internal sealed class WorkerChannel(ILoggerFactory logs)
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<(Content Kind, string Id), TaskCompletionSource<StreamingMessage>> _awaited = new();
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is still to be sent, for the one stream that sends it.</summary>
    public ChannelReader<StreamingMessage> Outgoing => _outgoing.Reader;

    /// <summary>Ends when the conversation is over; its result says why.</summary>
    public Task<string> Closed => _closed.Task;

    /// <summary>Ends when nothing is waited for any more.</summary>
    public Task Idle => Task.WhenAll(_awaited.Values.Select(answer => answer.Task));

    /// <summary>Asks something, and waits for the answer. What is logged meanwhile goes by the name of the function that runs.</summary>
    public Task<StreamingMessage> AskAsync(StreamingMessage question, Content kind, string id = "", string? function = null)
    {
        question.RequestId = Guid.NewGuid().ToString();
        var answer = ExpectAsync(kind, id, function);
        Send(question);
        return answer;
    }

    /// <summary>Waits for what the worker says unasked.</summary>
    public Task<StreamingMessage> ExpectAsync(Content kind, string id = "", string? function = null)
    {
        var answer = _awaited[(kind, id)] = new(function, TaskCreationOptions.RunContinuationsAsynchronously);
        if (Closed.IsCompleted)
            answer.TrySetException(new HostException(Closed.Result));
        return answer.Task;
    }

    /// <summary>Sends what has no answer.</summary>
    public void Send(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    /// <summary>Cancels the token of a function that runs.</summary>
    public void Cancel(string invocation) => Send(new() { InvocationCancel = new() { InvocationId = invocation } });

    public void CancelAll()
    {
        foreach (var (kind, id) in _awaited.Keys)
            if (kind is Content.InvocationResponse)
                Cancel(id);
    }

    /// <summary>Ends the conversation: whoever waits for an answer fails.</summary>
    public void Close(string reason)
    {
        if (_closed.TrySetResult(reason))
            foreach (var answer in _awaited.Values)
                answer.TrySetException(new HostException(reason));
        _outgoing.Writer.TryComplete();
    }

    /// <summary>Takes what the worker sent.</summary>
    public void Receive(StreamingMessage message)
    {
        var id = message.FunctionLoadResponse?.FunctionId ?? message.InvocationResponse?.InvocationId ?? "";
        if (message.RpcLog is { } entry)
            Write(entry);
        else if (_awaited.TryRemove((message.ContentCase, id), out var answer))
            answer.TrySetResult(message);
        else if (message.ContentCase is Content.StartStream)
            Close("The worker said hello twice (StartStream).");
    }

    // As on the platform: what a function logs goes by the function's name, and what the worker logs besides by its own.
    private void Write(RpcLog entry)
    {
        var (own, level) = (logs.CreateLogger(entry.Category), (LogLevel)entry.Level);
        if (entry.LogCategory is RpcLog.Types.RpcLogCategory.CustomMetric || !own.IsEnabled(level))
            return;
        _awaited.TryGetValue((Content.InvocationResponse, entry.InvocationId), out var running);
        var log = running?.Task.AsyncState is { } function ? logs.CreateLogger($"Function.{function}.User") : own;
        var thrown = entry.Exception is { } exception ? $"\n{exception.Type}: {exception.Message}\n{exception.StackTrace}" : "";
        log.Log(level, default, entry.Message + thrown, null, (text, _) => text);
    }
}
