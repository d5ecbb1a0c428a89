using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using CsvHelper;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Exports;

/// <summary>
/// A snapshot of one site's records of one resource: <c>records.ndjson.gz</c> with the records as received, <c>records.csv</c> with
/// the columns, and <c>manifest.json</c>, written last. Each file appears when it is complete, a folder without manifest is not an export,
/// and
/// <c>latest.json</c>, which names the newest, is switched at the end.
/// </summary>
internal sealed class CatalogueExport(
    BlobContainerClient container,
    RecordTable records,
    string site,
    ResourceDescription description,
    TimeProvider clock)
{
    /// <summary>What .NET's stream leaves out if nothing was written to it.</summary>
    private static readonly byte[] EmptyGzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>In full width; CsvHelper's own option takes ASCII only.</summary>
    private const string FullWidthFormulaStarts = "\uff1d\uff0b\uff0d\uff20";

    /// <summary>A spreadsheet takes a file for UTF-8 by its mark only, and a text for a formula by its first character.</summary>
    private static readonly CsvWriterOptions CsvOptions = new()
    {
        WriteByteOrderMark = true, Injection = CsvInjection.Escape, InjectionCharacters = "=+-@\t\r\n",
    };

    private static readonly string[] MirrorColumns = [RecordEntity.FirstSeen, RecordEntity.LastChanged];

    private readonly string _folder = $"{site}/{description.Path}/";

    /// <summary>Writes a snapshot and removes the oldest beyond <paramref name="keep"/>.</summary>
    /// <param name="keep">How many to keep.</param>
    /// <param name="signOfLife">Called now and then while it works.</param>
    /// <param name="cancellationToken">What was written until then is no export, and is removed by the next.</param>
    public async Task WriteAsync(int keep, Func<Task> signOfLife, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var folder = _folder + now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var latest = container.GetBlobClient($"{_folder}latest.json");
        var version = await VersionAsync(latest, cancellationToken);
        var (count, hash) = await WriteRecordsAsync(folder, signOfLife, cancellationToken);
        var manifest = BinaryData.FromString(
            JsonSerializer.Serialize(
                new
                {
                    site,
                    resource = description.Path,
                    folder,
                    records = count,
                    sha256 = hash,
                    time = now,
                }));
        await container.GetBlobClient($"{folder}/manifest.json").UploadAsync(manifest, overwrite: true, cancellationToken);
        // A run that has lost its lock meanwhile ends here.
        await signOfLife();
        if (await TrySwitchAsync(latest, manifest, version, cancellationToken))
            await RemoveOldAsync(keep, folder, cancellationToken);
    }

    /// <returns>False if another run, which took this one's lock for expired, has written a snapshot meanwhile: then that stays the
    /// newest.</returns>
    private static async Task<bool> TrySwitchAsync(
        BlobClient latest,
        BinaryData manifest,
        ETag? version,
        CancellationToken cancellationToken)
    {
        try
        {
            var unchanged = version is { } etag
                ? new BlobRequestConditions { IfMatch = etag }
                : new BlobRequestConditions { IfNoneMatch = ETag.All };
            await latest.UploadAsync(manifest, new BlobUploadOptions { Conditions = unchanged }, cancellationToken);
            return true;
        }
        catch (RequestFailedException refused)
            when (refused.ErrorCode == BlobErrorCode.BlobAlreadyExists || refused.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            return false;
        }
    }

    private static async Task<ETag?> VersionAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ETag;
        }
        catch (RequestFailedException failure) when (failure.Status is 404)
        {
            return null;
        }
    }

    private async Task<(int Count, string Hash)> WriteRecordsAsync(
        string folder,
        Func<Task> signOfLife,
        CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var packed = new StagedBlob(container.GetBlockBlobClient($"{folder}/records.ndjson.gz"));
        using var sheet = new StagedBlob(container.GetBlockBlobClient($"{folder}/records.csv"));
        using var cells = CsvWriter.Create(sheet.Buffer, CsvOptions, leaveOpen: true);
        var count = 0;
        using (var lines = new GZipStream(packed.Buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            WriteCells(cells, ["Id", .. description.Columns.Select(column => column.Name), .. MirrorColumns]);
            await foreach (
                var read in records.ReadAsync(after: "", institute: null, cancellationToken).Where(row => !RecordEntity.IsDeleted(row)))
            {
                var (row, json) = await records.ReadJsonAsync(read, cancellationToken);
                var line = OneLine(json.ToMemory().Span);
                hash.AppendData(line);
                lines.Write(line);
                WriteCells(cells, ValuesOf(row));
                await packed.SendAsync(cancellationToken);
                await sheet.SendAsync(cancellationToken);
                if (++count % 100 == 0)
                    await signOfLife();
            }
        }

        if (count == 0)
            packed.Buffer.Write(EmptyGzip);
        await packed.CommitAsync(cancellationToken);
        cells.Flush();
        await sheet.CommitAsync(cancellationToken);
        return (count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private IEnumerable<object?> ValuesOf(TableEntity row)
        => [
            RecordEntity.IdOf(row),
            .. description
                .Columns.Select(column => column.Name)
                .Concat(MirrorColumns)
                .Select(name => row.TryGetValue(name, out var value) ? value : null),
        ];

    /// <summary>Text in quotes, so that a spreadsheet leaves digits in it as they are; numbers without.</summary>
    private static void WriteCells(CsvWriter cells, IEnumerable<object?> values)
    {
        foreach (var value in values)
        {
            if (value is string text)
                cells.WriteField(
                    text is [var first, ..] && FullWidthFormulaStarts.Contains(first, StringComparison.Ordinal) ? $"'{text}" : text,
                    CsvQuoting.Always);
            else if (value is DateTimeOffset time)
                cells.WriteField(time.UtcDateTime, "yyyy-MM-dd'T'HH:mm:ss'Z'");
            else
                cells.WriteField(value);
        }

        cells.EndRecord();
    }

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

    /// <summary>Keeps the newest that are whole; the others up to the newest of these go, halves included.</summary>
    private async Task RemoveOldAsync(int keep, string newest, CancellationToken cancellationToken)
    {
        var names = await container
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, _folder, cancellationToken)
            .Select(blob => blob.Name)
            .ToListAsync(cancellationToken);
        var whole = names
            .Where(name => name.EndsWith("/manifest.json", StringComparison.Ordinal))
            .Select(FolderOf)
            .OrderDescending(StringComparer.Ordinal)
            .Take(keep)
            .ToList();
        foreach (
            var name in names.Where(name =>
                name.Contains("/records.", StringComparison.Ordinal) || name.EndsWith("/manifest.json", StringComparison.Ordinal)))
        {
            if (!whole.Contains(FolderOf(name)) && string.CompareOrdinal(FolderOf(name), newest) < 0)
                await container.DeleteBlobIfExistsAsync(name, cancellationToken: cancellationToken);
        }
    }

    private static string FolderOf(string name) => name[..name.LastIndexOf('/')];
}
