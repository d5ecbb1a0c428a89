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
        var (receiving, sending) = (ReceiveAsync(), SendAsync());
        // Whichever ends, and however: the worker has gone.
        await Task.WhenAny(receiving, sending);
        worker.Close("The worker closed its stream.");
        await Task.WhenAll(receiving, sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        async Task ReceiveAsync()
        {
            do
                worker.Receive(requestStream.Current);
            while (await requestStream.MoveNext(context.CancellationToken));
        }

        async Task SendAsync()
        {
            await foreach (var message in worker.Outgoing.ReadAllAsync(context.CancellationToken))
                await responseStream.WriteAsync(message, context.CancellationToken);
        }
    }
}
