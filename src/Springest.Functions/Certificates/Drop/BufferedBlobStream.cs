using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Springest.Functions.Certificates.Drop;

/// <summary>
/// The bytes of a dropped file: fetched in one request, at the latest when the first of them is asked for, then read from the disk as
/// often as it takes. Once fetched, a file can be sent whatever the storage does.
/// </summary>
internal sealed class BufferedBlobStream(BlobClient blob, DroppedFile file) : Stream
{
    private const int Untouched = 0;
    private const int Touched = 1;
    private const int Shut = 2;

    private FileStream? _copy;
    private int _state;

    /// <summary>Whether the bytes have been fetched.</summary>
    public bool IsHere => _copy is not null;

    /// <summary>Whether it gives no byte any more, and has given none since <see cref="Rewind"/>.</summary>
    public bool IsShut => _state == Shut;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Size;

    public override long Position { get; set; }

    /// <summary>Begins anew.</summary>
    public void Rewind()
    {
        Position = 0;
        Interlocked.CompareExchange(ref _state, Untouched, Touched);
    }

    /// <summary>Gives no byte any more, unless one has been asked for since <see cref="Rewind"/>.</summary>
    public bool TryShut() => Interlocked.CompareExchange(ref _state, Shut, Untouched) != Touched;

    /// <summary>Fetches the bytes, if they are not here.</summary>
    /// <exception cref="Azure.RequestFailedException">They could not be fetched; 404 or 412 if the file was removed or
    /// replaced.</exception>
    public async Task FetchAsync(CancellationToken cancellationToken) => _copy ??= await CopyAsync(cancellationToken);

    /// <inheritdoc cref="FetchAsync"/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.CompareExchange(ref _state, Touched, Untouched) == Shut)
            throw new OperationCanceledException("The file is not to be read any more.");
        await FetchAsync(cancellationToken);
        var length = await RandomAccess.ReadAsync(_copy!.SafeFileHandle, buffer, Position, cancellationToken);
        Position += length;
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Nothing waits for storage.");

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (_copy is not null)
            await _copy.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task<FileStream> CopyAsync(CancellationToken cancellationToken)
    {
        var copy = CreateNameless(bufferSize: 0);
        try
        {
            var options = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = file.ETag } };
            using var answer = (await blob.DownloadStreamingAsync(options, cancellationToken)).Value;
            await answer.Content.CopyToAsync(copy, cancellationToken);
            return copy;
        }
        catch (Exception e)
        {
            await copy.DisposeAsync();
            if (e is RequestFailedException refusal && BlobRefusedException.Is(refusal))
                throw new BlobRefusedException(file.Name, refusal);
            throw;
        }
    }

    /// <summary>A file that nobody else can open, and that is gone with its handle, however the process ends.</summary>
    internal static FileStream CreateNameless(int bufferSize)
    {
        var path = Path.GetTempFileName();
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete, bufferSize, FileOptions.Asynchronous);
        File.Delete(path);
        return file;
    }
}
