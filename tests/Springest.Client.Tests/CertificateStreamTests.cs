using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Springest.Client.Tests;

/// <summary>A certificate's file goes through as a stream.</summary>
[Collection(nameof(Alone))]
public sealed class CertificateStreamTests
{
    private const int Size = 40 * 1024 * 1024;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_file_is_never_in_memory_whole(bool lengthKnown)
    {
        long received = 0;
        long? announced = null;
        await using var server = await CannedServer.StartAsync(async context =>
        {
            announced = context.Request.ContentLength;
            var buffer = new byte[64 * 1024];
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
                received += read;
            context.Response.StatusCode = 201;
            await context.Response.WriteAsync("""{"id":9}""");
        });
        using var memory = new PeakMemory();
        var content = new NoiseStream(Size, lengthKnown);

        var id = await server.Client.CreateCertificateAsync(
            Uploads.Certificate() with
            {
                Content = content,
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(9, id);
        Assert.InRange(received, Size, Size + 2000);
        Assert.Equal(lengthKnown ? received : null, announced);
        Assert.InRange(memory.Peak, 0, 10 * 1024 * 1024);
        Assert.False(content.Disposed);
    }

    [Fact]
    public async Task A_file_is_sent_from_the_current_position_as_raw_bytes()
    {
        var file = RandomNumberGenerator.GetBytes(5000);
        var body = new MemoryStream();
        await using var server = await CannedServer.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            await context.Response.WriteAsync("""{"id":9}""");
        });

        await server.Client.CreateCertificateAsync(
            Uploads.Certificate() with { Content = new MemoryStream(file) { Position = 1000 } }, TestContext.Current.CancellationToken);

        Assert.True(body.ToArray().AsSpan().IndexOf([.. "\r\n\r\n"u8, .. file.AsSpan(1000), .. "\r\n--"u8]) > 0);
        Assert.DoesNotContain("Content-Transfer-Encoding", System.Text.Encoding.Latin1.GetString(body.ToArray()));
    }

    private sealed class NoiseStream(int size, bool lengthKnown) : Stream
    {
        private int _position;

        public bool Disposed { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => lengthKnown;

        public override bool CanWrite => false;

        public override long Length => lengthKnown ? size : throw new NotSupportedException();

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = Math.Min(count, size - _position);
            _position += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            Disposed = true;
            base.Dispose(disposing);
        }
    }
}
