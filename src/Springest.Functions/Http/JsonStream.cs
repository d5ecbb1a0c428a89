using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Springest.Functions.Http;

/// <summary>JSON that is sent while it is made, so that no answer is held in memory; packed if the caller can unpack it.</summary>
/// <param name="write">Makes it. What fails before anything is sent is a failed request as all others.</param>
internal sealed class JsonStream(Func<Utf8JsonWriter, CancellationToken, Task> write) : IResult
{
    /// <summary>Bytes that are kept before they are sent.</summary>
    private const int Buffer = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.Vary = "Accept-Encoding";
        var pack = httpContext.Request.GetTypedHeaders().AcceptEncoding.Any(each => each.Value == "gzip" && each.Quality is not 0);
        if (pack)
            response.Headers.ContentEncoding = "gzip";
        try
        {
            var packed = pack ? new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true) : response.Body;
            var writer = new Utf8JsonWriter(packed);
            await WriteAsync(writer, httpContext.RequestAborted);
            await writer.DisposeAsync();
            if (pack)
                await packed.DisposeAsync();
        }
        catch when (!response.HasStarted)
        {
            response.Clear();
            throw;
        }
    }

    /// <summary>Makes all of it.</summary>
    public Task WriteAsync(Utf8JsonWriter writer, CancellationToken cancellationToken) => write(writer, cancellationToken);

    /// <summary>Sends what has been written, if that is enough.</summary>
    public static Task SendAsync(Utf8JsonWriter writer, CancellationToken cancellationToken)
        => writer.BytesPending < Buffer ? Task.CompletedTask : writer.FlushAsync(cancellationToken);
}
