using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Manifests.Workbooks;

/// <summary>
/// The content of a part as it is inflated: within what the whole workbook may come to, not inflated out of proportion, and without a text,
/// name or attribute so long that it cannot be a cell's, since such are held in memory whole.
/// </summary>
/// <param name="content">The part.</param>
/// <param name="packed">Its size in the file.</param>
/// <param name="count">Counts bytes of the whole workbook, and says whether they are too many.</param>
internal sealed class PartStream(Stream content, long packed, Func<int, bool> count) : Stream
{
    private const int MaxRatio = 100;
    private const int LeastThatCounts = 1024 * 1024;
    private const int MaxRun = 512 * 1024;

    private long _inflated;
    private int _run;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _inflated; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var length = content.Read(buffer);
        _inflated += length;
        if (count(length) || (_inflated > LeastThatCounts && _inflated > packed * MaxRatio))
            throw new ManifestException(Reason.ManifestNotWorkbook, null, Cause.TooManyParts);
        // Each element begins with one, and neither texts nor attributes can have any.
        var last = buffer[..length].LastIndexOf((byte)'<');
        _run = last < 0 ? _run + length : length - last;
        return _run <= MaxRun ? length : throw ManifestException.TooLarge(null);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }
}
