using Grpc.Core;
using Grpc.Net.Client;
using Springest.LocalHost.Protocol;
using Content = Springest.LocalHost.Protocol.StreamingMessage.ContentOneofCase;
using Status = Springest.LocalHost.Protocol.StatusResult.Types.Status;

namespace Springest.SampleApp;

/// <summary>A worker that speaks the protocol by itself, with a fault.</summary>
internal static class FakeWorker
{
    private static readonly StatusResult Success = new() { Status = Status.Success };

    public static async Task<int> RunAsync(string fault, string[] args)
    {
        if (fault is "never says hello")
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        if (fault is "ends at once")
            return 3;

        using var channel = GrpcChannel.ForAddress(args[Array.IndexOf(args, "--functions-uri") + 1]);
        using var stream = new FunctionRpc.FunctionRpcClient(channel).EventStream();
        var id = args[Array.IndexOf(args, "--functions-worker-id") + 1];
        var hello = new StreamingMessage { StartStream = new() { WorkerId = fault is "says a wrong id" ? "somebody" : id } };
        await stream.RequestStream.WriteAsync(hello);
        if (fault is "says hello twice")
            await stream.RequestStream.WriteAsync(hello);
        if (fault is "closes its stream")
        {
            await stream.RequestStream.CompleteAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        }

        await foreach (var question in stream.ResponseStream.ReadAllAsync())
            if (Answer(fault, question) is { } answer)
                await stream.RequestStream.WriteAsync(answer);
        return 0;
    }

    private static StreamingMessage? Answer(string fault, StreamingMessage question) => question.ContentCase switch
    {
        Content.WorkerInitRequest when fault is "answers nothing" => null,
        Content.WorkerInitRequest => new() { WorkerInitResponse = Init(fault) },
        Content.FunctionsMetadataRequest => new() { FunctionMetadataResponse = Functions(fault) },
        Content.FunctionLoadRequest when fault is "dies while loading" => Die(),
        Content.FunctionLoadRequest => new() { FunctionLoadResponse = Loaded(fault, question.FunctionLoadRequest.FunctionId) },
        _ => null,
    };

    private static WorkerInitResponse Init(string fault)
    {
        var answer = new WorkerInitResponse
        {
            Result = fault is "fails to begin" ? new() { Status = Status.Failure, Exception = new() { Message = "A reason." } } : Success,
        };
        if (fault is not "has no web server")
            answer.Capabilities["HttpUri"] = "http://127.0.0.1:1/";
        return answer;
    }

    private static FunctionMetadataResponse Functions(string fault)
    {
        var binding = fault switch
        {
            "has a strange trigger" => """{ "name": "message", "type": "queueTrigger", "queueName": "q" }""",
            "has no trigger" => """{ "name": "request", "type": "http" }""",
            "writes no JSON" => "{ name",
            _ => """{ "name": "request", "type": "httpTrigger", "authLevel": "Anonymous" }""",
        };
        var answer = new FunctionMetadataResponse { Result = Success };
        for (var i = 0; i < (fault is "tells of a function twice" ? 2 : 1); i++)
            answer.FunctionMetadataResults.Add(
                new RpcFunctionMetadata
                {
                    Name = "Strange",
                    FunctionId = $"{i}",
                    RawBindings = { binding },
                });
        return answer;
    }

    private static FunctionLoadResponse Loaded(string fault, string id)
        => new()
        {
            FunctionId = id,
            Result = fault is "cannot load"
                ? new()
                {
                    Status = Status.Failure,
                    Exception = new() { Message = "A reason." },
                }
                : Success,
        };

    private static StreamingMessage? Die()
    {
        Environment.Exit(7);
        return null;
    }
}
