using Grpc.Core;
using Springest.LocalHost.Workers;

namespace Springest.LocalHost.Protocol;

/// <summary>Where workers call.</summary>
/// <param name="pool">Knows which workers there are.</param>
internal sealed class WorkerService(WorkerPool pool) : FunctionRpc.FunctionRpcBase
{
    /// <summary>The one stream of a worker.</summary>
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext() || pool.Find(requestStream.Current.StartStream?.WorkerId ?? "") is not { } worker)
            throw new Grpc.Core.RpcException(new Status(
                StatusCode.PermissionDenied, "The first message must be StartStream, with the id of a worker that the host has started."));

        worker.Receive(requestStream.Current);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var sending = SendAsync(worker, responseStream, ended.Token);
        try
        {
            await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken))
                worker.Receive(message);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The worker has gone, as the end of its process says.
        }

        worker.End();
        await ended.CancelAsync();
        await sending;
    }

    private static async Task SendAsync(WorkerChannel worker, IServerStreamWriter<StreamingMessage> responses, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in worker.Outgoing(cancellationToken))
                await responses.WriteAsync(message, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException or IOException)
        {
            // As above.
        }
    }
}
