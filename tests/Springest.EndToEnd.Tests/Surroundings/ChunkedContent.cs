using System.Net;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>A body whose length is not told beforehand.</summary>
internal sealed class ChunkedContent(byte[] body) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var at = 0; at < body.Length; at += 16 * 1024)
            await stream.WriteAsync(body.AsMemory(at, Math.Min(16 * 1024, body.Length - at)));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
