using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Unicode;

namespace Springest.Functions.Webhooks;

/// <summary>Reads a body of any content type into UTF-8, never holding more bytes than allowed.</summary>
internal static class WebhookBody
{
    /// <exception cref="WebhookRefusedException">Too large, broken off, or encoded in a way that is not ours.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        Stream body, HttpHeaders headers, int maxBytes, IntakeLimit.Account memory, CancellationToken cancellationToken)
    {
        var isGzip = Header(headers, "Content-Encoding") switch
        {
            null or "" or "identity" => false,
            "gzip" or "x-gzip" => true,
            _ => throw new WebhookRefusedException(HttpStatusCode.UnsupportedMediaType, "The body must be sent plain or with gzip."),
        };
        // What is announced serves to refuse early and to size the buffer, no more.
        if (long.TryParse(Header(headers, "Content-Length"), out var length) && length > maxBytes)
            throw TooLarge(maxBytes);

        try
        {
            var bytes = await ReadAsync(body, (int)length, maxBytes, memory, cancellationToken);
            if (isGzip)
                bytes = await InflateAsync(bytes, maxBytes, memory, cancellationToken);
            return ToUtf8(bytes, Header(headers, "Content-Type"));
        }
        catch (IOException exception)
        {
            throw new WebhookRefusedException(HttpStatusCode.BadRequest, "The body ended before it was complete.", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new WebhookRefusedException(HttpStatusCode.BadRequest, "The body is not gzip, although it is said to be.", exception);
        }
    }

    private static async Task<ArraySegment<byte>> InflateAsync(
        ArraySegment<byte> bytes, int maxBytes, IntakeLimit.Account memory, CancellationToken cancellationToken)
    {
        await using var inflated = new GZipStream(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count), CompressionMode.Decompress);
        return await ReadAsync(inflated, 0, maxBytes, memory, cancellationToken);
    }

    private static async Task<ArraySegment<byte>> ReadAsync(
        Stream stream, int length, int maxBytes, IntakeLimit.Account memory, CancellationToken cancellationToken)
    {
        // One byte more than announced, so that the end is seen without growing.
        var buffer = memory.Allocate(Math.Clamp(length + 1, 1024, maxBytes + 1));
        var filled = 0;
        while (await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken) is > 0 and var read)
        {
            filled += read;
            if (filled > maxBytes)
                throw TooLarge(maxBytes);
            if (filled == buffer.Length)
                buffer = Grow(buffer, maxBytes, memory);
        }

        return new ArraySegment<byte>(buffer, 0, filled);
    }

    private static byte[] Grow(byte[] buffer, int maxBytes, IntakeLimit.Account memory)
    {
        var larger = memory.Allocate((int)Math.Min(2L * buffer.Length, maxBytes + 1L));
        buffer.CopyTo(larger, 0);
        return larger;
    }

    private static ReadOnlyMemory<byte> ToUtf8(ArraySegment<byte> bytes, string? contentType)
    {
        ReadOnlySpan<byte> span = bytes;
        return span switch
        {
            [0xEF, 0xBB, 0xBF, ..] => bytes[3..],
            [0xFF, 0xFE, ..] => Transcode(bytes[2..], Encoding.Unicode),
            [0xFE, 0xFF, ..] => Transcode(bytes[2..], Encoding.BigEndianUnicode),
            // JSON begins with an ASCII character, which tells the two without a mark.
            [not 0, 0, ..] => Transcode(bytes, Encoding.Unicode),
            [0, not 0, ..] => Transcode(bytes, Encoding.BigEndianUnicode),
            _ when Utf8.IsValid(span) => bytes,
            _ => Transcode(bytes, Labelled(contentType)),
        };
    }

    private static byte[] Transcode(ArraySegment<byte> bytes, Encoding encoding)
        => Encoding.Convert(encoding, Encoding.UTF8, bytes.Array!, bytes.Offset, bytes.Count);

    // Asked only of bytes that are no UTF-8: the label may then name an older charset.
    private static Encoding Labelled(string? contentType)
    {
        var charset = MediaTypeHeaderValue.TryParse(contentType, out var type) ? type.CharSet?.Trim('"') : null;
        if (charset is null || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new WebhookRefusedException(HttpStatusCode.BadRequest, "The body is not UTF-8.");
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new WebhookRefusedException(HttpStatusCode.UnsupportedMediaType, "The body's charset is not known.", exception);
        }
    }

    private static string? Header(HttpHeaders headers, string name)
        => headers.NonValidated.TryGetValues(name, out var values) ? string.Join(',', values).Trim().ToLowerInvariant() : null;

    private static WebhookRefusedException TooLarge(int maxBytes)
        => new(HttpStatusCode.RequestEntityTooLarge, $"The body is larger than {maxBytes} bytes.");
}
