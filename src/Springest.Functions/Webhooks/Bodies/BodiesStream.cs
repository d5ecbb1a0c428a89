using System.Buffers;

namespace Springest.Functions.Webhooks.Bodies;

/// <summary>
/// Bodies one after another, without a copy of them, and from the start again when a request is repeated. Once it is disposed of nobody
/// reads them any more: a request that was cancelled may still be at it when their memory is given back.
/// </summary>
internal sealed class BodiesStream(IEnumerable<ReadOnlySequence<byte>> bodies) : Stream
{
    private readonly List<ReadOnlySequence<byte>> _bodies = [.. bodies];
    private readonly Lock _lock = new();
    private bool _isDisposed;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _bodies.Sum(body => body.Length);

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var (start, filled) = (0L, 0);
            foreach (var body in _bodies)
            {
                var skip = Math.Clamp(Position - start, 0, body.Length);
                var part = body.Slice(skip, Math.Min(body.Length - skip, buffer.Length - filled));
                part.CopyTo(buffer[filled..]);
                (start, filled, Position) = (start + body.Length, filled + (int)part.Length, Position + part.Length);
            }

            return filled;
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
