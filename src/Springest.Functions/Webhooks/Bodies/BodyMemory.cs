using System.Buffers;
using System.Net;
using Microsoft.Extensions.Options;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Bodies;

/// <summary>
/// The memory of all bodies that are held at the same time, in pieces of one size out of the shared pool. A piece counts from when it
/// is rented until it is given back, so that what is counted is what is held, however many bodies come at once.
/// </summary>
public sealed class BodyMemory(IOptions<WebhookOptions> options) : MemoryPool<byte>
{
    internal const int PieceBytes = 16 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly long _maxBytes = options.Value.MaxBufferedBytes;
    private long _held;

    /// <summary>Bytes of all pieces that are rented.</summary>
    public long Held => Interlocked.Read(ref _held);

    public override int MaxBufferSize => PieceBytes;

    /// <exception cref="WebhookProblemException">Too many bodies are held already.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, PieceBytes);
        if (Interlocked.Add(ref _held, PieceBytes) <= _maxBytes)
            return new Piece(this);
        Interlocked.Add(ref _held, -PieceBytes);
        throw new WebhookProblemException(HttpStatusCode.ServiceUnavailable, "Too many webhooks are coming in at once.")
        {
            RetryAfter = Pause,
        };
    }

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Piece(BodyMemory memory) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(PieceBytes);

        public Memory<byte> Memory => _bytes.AsMemory(0, PieceBytes);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is not { } bytes)
                return;
            ArrayPool<byte>.Shared.Return(bytes);
            Interlocked.Add(ref memory._held, -PieceBytes);
        }
    }
}
