using System.Net;

namespace Springest.Client.Http.Bodies;

/// <summary>The body of a write. Knows whether the transport began to send it; before that, nothing can have been carried out.</summary>
internal abstract class WriteContent : HttpContent
{
    private volatile bool _begun;

    public bool Begun => _begun;

    protected abstract Task WriteAsync(Stream stream, CancellationToken cancellationToken);

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _begun = true;
        return WriteAsync(stream, cancellationToken);
    }
}
