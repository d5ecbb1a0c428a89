using Grpc.Core;

namespace Springest.LocalHost.Protocol;

/// <summary>Where workers call: each opens one stream, and keeps it for as long as it lives.</summary>
internal sealed class WorkerService(WorkerPool pool) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext() || pool.Find(requestStream.Current.StartStream?.WorkerId ?? "") is not { } worker)
            throw new Grpc.Core.RpcException(new Status(
                StatusCode.PermissionDenied, "The first message must be StartStream, with the id of a worker that the host has started."));
        // Whichever ends, and however: the worker has gone.
        await Task.WhenAny(ReceiveAsync(), SendAsync());
        await worker.StreamEndedAsync();

        async Task ReceiveAsync()
        {
            do
                worker.Channel.Receive(requestStream.Current);
            while (await requestStream.MoveNext(context.CancellationToken));
        }

        async Task SendAsync()
        {
            await foreach (var message in worker.Channel.Outgoing.ReadAllAsync(context.CancellationToken))
                await responseStream.WriteAsync(message, context.CancellationToken);
        }
    }
}
