using System.Buffers;
using System.Net;

namespace Springest.Client.Reading;

/// <summary>The body of an answer in a pooled buffer, read no further than a limit.</summary>
internal sealed class Answer(byte[] buffer, int length, bool truncated) : IDisposable
{
    private byte[]? _buffer = buffer;

    public ReadOnlyMemory<byte> Body => _buffer is null ? throw new ObjectDisposedException(nameof(Answer)) : _buffer.AsMemory(0, length);

    /// <summary>True if the body went on beyond the limit.</summary>
    public bool Truncated => truncated;

    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    /// <summary>The declared character set, if any.</summary>
    public string? Charset { get; init; }

    /// <summary>The format that was asked for, as a path's extension.</summary>
    public string Extension { get; init; } = "json";

    /// <summary>
    /// A real answer has no more than a value per fifty bytes. Tiny ones grow to many times their size in memory, so their number has
    /// a limit too.
    /// </summary>
    public int MostValues { get; init; } = int.MaxValue;

    /// <summary>When the request was sent, by the client's clock.</summary>
    public DateTimeOffset Sent { get; init; }

    /// <param name="response">Whose body to read.</param>
    /// <param name="limit">The most bytes that are read.</param>
    /// <param name="extension">The format that was asked for.</param>
    /// <param name="sent">When the request was sent.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<Answer> ReadAsync(
        HttpResponseMessage response, int limit, string extension, DateTimeOffset sent, CancellationToken cancellationToken)
    {
        var content = response.Content;
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
            return new Answer(buffer, Math.Min(length, limit), length > limit)
            {
                Status = response.StatusCode,
                Charset = content.Headers.ContentType?.CharSet?.Trim('"'),
                Extension = extension,
                MostValues = limit / 40,
                Sent = sent,
            };
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
