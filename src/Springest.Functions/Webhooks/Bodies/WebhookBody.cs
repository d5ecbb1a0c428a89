using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Bodies;

/// <summary>A body in UTF-8, whatever it was sent as. Its memory is given back when it is disposed of.</summary>
internal sealed class WebhookBody : IDisposable
{
    private readonly Pipe _pipe;

    private WebhookBody(BodyMemory memory)
        => _pipe = new(new(memory, pauseWriterThreshold: 0, minimumSegmentSize: BodyMemory.PieceBytes, useSynchronizationContext: false));

    /// <summary>Valid until the body is disposed of.</summary>
    public ReadOnlySequence<byte> Bytes { get; private set; }

    /// <exception cref="WebhookProblemException">
    /// Too large, too much together with others, broken off, or encoded in a way that is not ours.
    /// </exception>
    public static async Task<WebhookBody> ReadAsync(
        Stream content, IHeaderDictionary headers, int maxBytes, BodyMemory memory, CancellationToken cancellationToken)
    {
        // What is announced serves to refuse early, no more.
        if (headers.ContentLength > maxBytes)
            throw TooLarge(maxBytes);
        try
        {
            await using var inflated = IsGzip(headers.ContentEncoding)
                ? new GZipStream(content, CompressionMode.Decompress, leaveOpen: true)
                : null;
            var body = await FillAsync(inflated ?? content, maxBytes, memory, cancellationToken);
            return await ToUtf8Async(body, headers.ContentType, memory, cancellationToken);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode is not StatusCodes.Status400BadRequest)
        {
            throw exception.StatusCode is StatusCodes.Status413PayloadTooLarge
                ? TooLarge(maxBytes)
                : new WebhookProblemException((HttpStatusCode)exception.StatusCode, "The body came too slowly.", exception);
        }
        catch (IOException exception)
        {
            throw new WebhookProblemException(HttpStatusCode.BadRequest, "The body ended before it was complete.", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new WebhookProblemException(HttpStatusCode.BadRequest, "The body is not gzip, although it is said to be.", exception);
        }
    }

    public void Dispose()
    {
        _pipe.Writer.Complete();
        _pipe.Reader.Complete();
    }

    private static bool IsGzip(string? encoding) => encoding?.Trim().ToLowerInvariant() switch
    {
        null or "" or "identity" => false,
        "gzip" or "x-gzip" => true,
        _ => throw new WebhookProblemException(HttpStatusCode.UnsupportedMediaType, "The body must be sent plain or with gzip."),
    };

    private static async Task<WebhookBody> FillAsync(
        Stream stream,
        long maxBytes,
        BodyMemory memory,
        CancellationToken cancellationToken)
    {
        var body = new WebhookBody(memory);
        try
        {
            var (writer, length) = (body._pipe.Writer, 0L);
            while (await stream.ReadAsync(writer.GetMemory(), cancellationToken) is > 0 and var read)
            {
                length += read;
                if (length > maxBytes)
                    throw TooLarge(maxBytes);
                writer.Advance(read);
            }

            await writer.CompleteAsync();
            body._pipe.Reader.TryRead(out var whole);
            body.Bytes = whole.Buffer;
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    // What was read is given back piece by piece while it is rewritten.
    private static async Task<WebhookBody> ToUtf8Async(
        WebhookBody body, string? contentType, BodyMemory memory, CancellationToken cancellationToken)
    {
        var isUtf8 = false;
        try
        {
            var (encoding, mark) = Detect(body.Bytes, contentType);
            (body.Bytes, isUtf8) = (body.Bytes.Slice(mark), encoding is null);
            if (encoding is null)
                return body;
            body._pipe.Reader.AdvanceTo(body.Bytes.Start);
            await using var utf8 = Encoding.CreateTranscodingStream(body._pipe.Reader.AsStream(), encoding, Encoding.UTF8);
            return await FillAsync(utf8, long.MaxValue, memory, cancellationToken);
        }
        finally
        {
            if (!isUtf8)
                body.Dispose();
        }
    }

    /// <summary>The encoding, null for UTF-8, and the length of the mark that says so.</summary>
    private static (Encoding? Encoding, int Mark) Detect(ReadOnlySequence<byte> bytes, string? contentType)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(3, bytes.Length)];
        bytes.Slice(0, start.Length).CopyTo(start);
        return start switch
        {
            [0xEF, 0xBB, 0xBF] => (null, 3),
            [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
            [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
            // JSON begins with an ASCII character, which tells the two without a mark.
            [not 0, 0, ..] => (Encoding.Unicode, 0),
            [0, not 0, ..] => (Encoding.BigEndianUnicode, 0),
            _ when IsUtf8(bytes) => (null, 0),
            _ => (Labelled(contentType), 0),
        };
    }

    private static bool IsUtf8(ReadOnlySequence<byte> bytes)
    {
        var decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        Span<char> characters = stackalloc char[512];
        try
        {
            foreach (var piece in bytes)
            {
                for (var span = piece.Span; !span.IsEmpty;)
                {
                    decoder.Convert(span, characters, flush: false, out var used, out _, out _);
                    span = span[used..];
                }
            }

            decoder.Convert([], characters, flush: true, out _, out _, out _);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    // Asked only of bytes that are no UTF-8: the label may then name an older charset.
    private static Encoding Labelled(string? contentType)
    {
        var charset = MediaTypeHeaderValue.TryParse(contentType, out var type) ? type.CharSet?.Trim('"') : null;
        if (charset is null || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new WebhookProblemException(HttpStatusCode.BadRequest, "The body is not UTF-8.");
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new WebhookProblemException(HttpStatusCode.UnsupportedMediaType, "The body's charset is not known.", exception);
        }
    }

    private static WebhookProblemException TooLarge(long maxBytes)
        => new(HttpStatusCode.RequestEntityTooLarge, $"The body is larger than {maxBytes} bytes.");
}
