using System.Buffers;

namespace Springest.Client.Http;

/// <summary>The body of an answer in a pooled buffer, read no further than a limit.</summary>
internal sealed class Answer(byte[] buffer, int length, bool truncated) : IDisposable
{
    private byte[]? _buffer = buffer;

    public ReadOnlyMemory<byte> Body => _buffer is null ? throw new ObjectDisposedException(nameof(Answer)) : _buffer.AsMemory(0, length);

    /// <summary>True if the body went on beyond the limit.</summary>
    public bool Truncated => truncated;

    /// <summary>When the request was sent, by the client's clock.</summary>
    public DateTimeOffset Sent { get; init; }

    public static async Task<Answer> ReadAsync(HttpContent content, int limit, DateTimeOffset sent, CancellationToken cancellationToken)
    {
        var expected = content.Headers.ContentLength ?? 64 * 1024;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(expected, limit) + 1);
        try
        {
            var length = 0;
            var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                // One byte more than the limit shows that there is more.
                while (length <= limit)
                {
                    if (length == buffer.Length)
                        Grow(ref buffer, length);
                    var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                    if (read == 0)
                        break;
                    length += read;
                }
            }
            return new Answer(buffer, Math.Min(length, limit), length > limit) { Sent = sent };
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
