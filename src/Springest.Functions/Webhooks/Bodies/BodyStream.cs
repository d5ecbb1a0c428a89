using System.Buffers;

namespace Springest.Functions.Webhooks.Bodies;

/// <summary>
/// A body without a copy of it, and from the start again when a request is repeated. Once it is disposed of nobody reads it any more: a
/// request that was cancelled may still be at it when its memory is given back.
/// </summary>
internal sealed class BodyStream(ReadOnlySequence<byte> body) : Stream
{
    private readonly Lock _lock = new();
    private bool _isDisposed;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => body.Length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var part = body.Slice(Math.Min(Position, body.Length));
            part = part.Slice(0, Math.Min(part.Length, buffer.Length));
            part.CopyTo(buffer);
            Position += part.Length;
            return (int)part.Length;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Current => Position,
        SeekOrigin.End => Length,
        _ => 0,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        lock (_lock)
            _isDisposed = true;
        base.Dispose(disposing);
    }
}
