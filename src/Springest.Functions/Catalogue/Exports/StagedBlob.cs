using System.Globalization;
using System.Text;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Springest.Functions.Catalogue.Exports;

/// <summary>A blob that is written piece by piece and appears when it is complete; until then nobody can see it.</summary>
internal sealed class StagedBlob(BlockBlobClient blob) : IDisposable
{
    /// <summary>What is held in memory.</summary>
    private const int BlockLength = 1024 * 1024;

    private readonly List<string> _blocks = [];

    /// <summary>Where to write to.</summary>
    public MemoryStream Buffer { get; } = new(BlockLength + (BlockLength / 4));

    /// <summary>Sends what has been written, if it is enough for a block.</summary>
    public Task SendAsync(CancellationToken cancellationToken)
        => Buffer.Length < BlockLength ? Task.CompletedTask : StageAsync(cancellationToken);

    /// <summary>Sends the rest, and makes the whole appear.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await StageAsync(cancellationToken);
        await blob.CommitBlockListAsync(_blocks, new CommitBlockListOptions(), cancellationToken);
    }

    public void Dispose() => Buffer.Dispose();

    private async Task StageAsync(CancellationToken cancellationToken)
    {
        if (Buffer.Length == 0)
            return;
        var id = Convert.ToBase64String(Encoding.ASCII.GetBytes(_blocks.Count.ToString("D6", CultureInfo.InvariantCulture)));
        Buffer.Position = 0;
        await blob.StageBlockAsync(id, Buffer, cancellationToken: cancellationToken);
        _blocks.Add(id);
        Buffer.SetLength(0);
    }
}
