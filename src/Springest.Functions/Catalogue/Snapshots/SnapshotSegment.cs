using System.IO.Compression;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using CsvHelper;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Snapshots;

/// <summary>Writes a part of a snapshot: so many rows that a run has the time for them, from where the last part ended.</summary>
internal sealed class SnapshotSegment(BlobContainerClient container, RecordReader records, ResourceDescription resource)
{
    /// <summary>Rows of a part. What a run that dies has read of one is read again.</summary>
    private const int Length = 20_000;

    /// <summary>What .NET's stream leaves out if nothing was written to it.</summary>
    private static readonly byte[] EmptyGzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>In full width; CsvHelper's own option takes ASCII only.</summary>
    private const string FullWidthFormulaStarts = "\uff1d\uff0b\uff0d\uff20";

    private static readonly string[] MirrorColumns = [RecordEntity.FirstSeen, RecordEntity.LastChanged];

    /// <param name="folder">The snapshot's.</param>
    /// <param name="run">Who writes it.</param>
    /// <param name="progress">Where the part begins.</param>
    /// <param name="signOfLife">Called now and then while it works.</param>
    /// <param name="budget">Ends the part early.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Where the part ends.</returns>
    public async Task<SnapshotProgress> WriteAsync(
        string folder, long run, SnapshotProgress progress, Func<Task> signOfLife, CancellationToken budget,
        CancellationToken cancellationToken)
    {
        using var packed = new StagedBlob(container.GetBlockBlobClient($"{folder}/records.ndjson.gz"), run, progress.Lines);
        using var sheet = new StagedBlob(container.GetBlockBlobClient($"{folder}/records.csv"), run, progress.Cells);
        // Not by the rows: a part that ended before its first row has its head all the same.
        var isFirst = progress.Cells.Count == 0;
        await using var cells = CsvWriter.Create(sheet.Buffer, Options(isFirst), leaveOpen: true);
        if (isFirst)
            WriteCells(cells, ["Id", .. resource.Columns.Select(column => column.Name), .. MirrorColumns]);
        var (rows, last, lost, count, more) = (0, progress.After, progress.Lost, progress.Records, false);
        // Parts that are packed one by one are together a packed file.
        await using (var lines = new GZipStream(packed.Buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            await foreach (var read in records.ReadAsync(progress.After, cancellationToken))
            {
                if (more = rows++ == Length || budget.IsCancellationRequested)
                    break;
                last = read.RowKey;
                if (rows % 100 == 0)
                    await signOfLife();
                if (RecordEntity.IsDeleted(read))
                    continue;
                var (row, json) = await records.ReadJsonAsync(read, cancellationToken);
                if (json is null)
                {
                    lost++;
                    continue;
                }

                count++;
                lines.Write(OneLine(json.ToMemory().Span));
                WriteCells(cells, ValuesOf(row));
                await packed.SendAsync(cancellationToken);
                await sheet.SendAsync(cancellationToken);
            }
        }

        if (!more && count == 0)
            packed.Buffer.Write(EmptyGzip);
        await cells.FlushAsync();
        return progress with
        {
            After = last, Records = count, Lost = lost, HasEnded = !more,
            Lines = await packed.FinishAsync(cancellationToken), Cells = await sheet.FinishAsync(cancellationToken),
        };
    }

    /// <summary>A spreadsheet takes a file for UTF-8 by its mark only, and a text for a formula by its first character.</summary>
    private static CsvWriterOptions Options(bool isFirst)
        => new() { WriteByteOrderMark = isFirst, Injection = CsvInjection.Escape, InjectionCharacters = "=+-@\t\r\n" };

    private IEnumerable<object?> ValuesOf(TableEntity row)
        => [
            RecordEntity.IdOf(row),
            .. resource
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
}
