using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Springest.Functions.Catalogue.Exports;

/// <summary>
/// A snapshot of one site's records of one resource: <c>records.ndjson.gz</c> with the records as received, <c>records.csv</c> with
/// the columns, and <c>manifest.json</c>, written last. A folder without manifest is not an export; <c>latest.json</c> names the newest.
/// </summary>
internal sealed class CatalogueExport(BlobContainerClient container, RecordTable records, string site, ResourceDescription description, TimeProvider clock)
{
    private static readonly string[] MirrorColumns = [RecordRow.FirstSeen, RecordRow.LastChanged];

    private readonly string _folder = $"{site}/{description.Path}/";

    /// <summary>Writes a snapshot and removes the oldest beyond <paramref name="keep"/>.</summary>
    /// <param name="keep">How many to keep.</param>
    /// <param name="signOfLife">Called now and then while it works.</param>
    /// <param name="cancellationToken">What was written until then is no export, and is removed by the next.</param>
    public async Task WriteAsync(int keep, Func<Task> signOfLife, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var folder = _folder + now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var (count, hash) = await WriteRecordsAsync(folder, signOfLife, cancellationToken);
        var manifest = BinaryData.FromString(JsonSerializer.Serialize(new { site, resource = description.Path, folder, records = count, sha256 = hash, time = now }));
        await container.GetBlobClient($"{folder}/manifest.json").UploadAsync(manifest, overwrite: true, cancellationToken);
        await container.GetBlobClient($"{_folder}latest.json").UploadAsync(manifest, overwrite: true, cancellationToken);
        await RemoveOldAsync(keep, cancellationToken);
    }

    private async Task<(int Count, string Hash)> WriteRecordsAsync(string folder, Func<Task> signOfLife, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0;
        await using var packed = await container.GetBlobClient($"{folder}/records.ndjson.gz").OpenWriteAsync(overwrite: true, cancellationToken: cancellationToken);
        await using var lines = new GZipStream(packed, CompressionLevel.Fastest);
        await using var sheet = await container.GetBlobClient($"{folder}/records.csv").OpenWriteAsync(overwrite: true, cancellationToken: cancellationToken);
        // Excel takes a file for UTF-8 by its mark only.
        await sheet.WriteAsync(Encoding.UTF8.Preamble.ToArray(), cancellationToken);
        await WriteAsync(sheet, CsvLine.Of(["Id", .. description.Columns.Select(column => column.Name), .. MirrorColumns]), cancellationToken);
        await foreach (var row in records.ReadAsync(after: "", institute: null, cancellationToken).Where(row => !RecordRow.IsDeleted(row)))
        {
            var line = OneLine((await records.ReadJsonAsync(row, cancellationToken)).ToMemory().Span);
            hash.AppendData(line);
            await lines.WriteAsync(line, cancellationToken);
            await WriteAsync(sheet, CsvLine.Of(ValuesOf(row)), cancellationToken);
            if (++count % 100 == 0)
                await signOfLife();
        }

        return (count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private IEnumerable<object?> ValuesOf(TableEntity row)
        => [RecordRow.IdOf(row), .. description.Columns.Select(column => column.Name).Concat(MirrorColumns).Select(name => row.TryGetValue(name, out var value) ? value : null)];

    /// <summary>Line breaks stand in JSON only between its parts.</summary>
    private static byte[] OneLine(ReadOnlySpan<byte> json)
    {
        var line = new byte[json.Length + 1];
        json.CopyTo(line);
        line.AsSpan(0, json.Length).Replace((byte)'\n', (byte)' ');
        line.AsSpan(0, json.Length).Replace((byte)'\r', (byte)' ');
        line[^1] = (byte)'\n';
        return line;
    }

    private static ValueTask WriteAsync(Stream stream, string text, CancellationToken cancellationToken)
        => stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);

    /// <summary>Keeps the newest that are whole; what is older than the oldest of these goes, halves included.</summary>
    private async Task RemoveOldAsync(int keep, CancellationToken cancellationToken)
    {
        var names = await container.GetBlobsAsync(BlobTraits.None, BlobStates.None, _folder, cancellationToken).Select(blob => blob.Name).ToListAsync(cancellationToken);
        var whole = names.Where(name => name.EndsWith("/manifest.json", StringComparison.Ordinal)).Select(FolderOf).OrderDescending(StringComparer.Ordinal).Take(keep).ToList();
        foreach (var name in names.Where(name => name.Contains("/records.", StringComparison.Ordinal) || name.EndsWith("/manifest.json", StringComparison.Ordinal)))
        {
            if (!whole.Contains(FolderOf(name)))
                await container.DeleteBlobIfExistsAsync(name, cancellationToken: cancellationToken);
        }
    }

    private static string FolderOf(string name) => name[..name.LastIndexOf('/')];
}
