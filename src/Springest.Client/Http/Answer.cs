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
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(expected, 1, limit));
        try
        {
            var length = 0;
            var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                int read;
                do
                {
                    // The byte after the limit shows that there is more, so the buffer may hold it.
                    if (length == buffer.Length)
                        Grow(ref buffer, length, limit + 1);
                    var room = Math.Min(buffer.Length, limit + 1) - length;
                    read = await stream.ReadAsync(buffer.AsMemory(length, room), cancellationToken).ConfigureAwait(false);
                    length += read;
                }
                while (read > 0 && length <= limit);
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

    private static void Grow(ref byte[] buffer, int length, int most)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, most));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
