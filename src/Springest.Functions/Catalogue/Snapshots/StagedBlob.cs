using System.Globalization;
using System.Text;
using Azure.Storage.Blobs.Specialized;

namespace Springest.Functions.Catalogue.Snapshots;

/// <summary>A part of a blob, written piece by piece. The blob appears when all its parts are there; until then nobody sees it.</summary>
/// <param name="blob">The blob.</param>
/// <param name="run">Whose blocks these are: another run that is at the same part must not replace them.</param>
/// <param name="blocks">Those of the parts before.</param>
internal sealed class StagedBlob(BlockBlobClient blob, long run, IEnumerable<string> blocks) : IDisposable
{
    /// <summary>What is held in memory.</summary>
    private const int BlockLength = 1024 * 1024;

    private readonly List<string> _blocks = [.. blocks];

    /// <summary>Where to write to.</summary>
    public MemoryStream Buffer { get; } = new(BlockLength + (BlockLength / 4));

    /// <summary>Sends what has been written, if it is enough for a block.</summary>
    public Task SendAsync(CancellationToken cancellationToken)
        => Buffer.Length < BlockLength ? Task.CompletedTask : StageAsync(cancellationToken);

    /// <summary>Sends the rest.</summary>
    /// <returns>All blocks until then.</returns>
    public async Task<IReadOnlyList<string>> FinishAsync(CancellationToken cancellationToken)
    {
        if (Buffer.Length > 0)
            await StageAsync(cancellationToken);
        return _blocks;
    }

    public void Dispose() => Buffer.Dispose();

    private async Task StageAsync(CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{run:D12}-{_blocks.Count:D6}");
        var id = Convert.ToBase64String(Encoding.ASCII.GetBytes(name));
        Buffer.Position = 0;
        await blob.StageBlockAsync(id, Buffer, cancellationToken: cancellationToken);
        _blocks.Add(id);
        Buffer.SetLength(0);
    }
}
