using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Rejections;

/// <summary>
/// Keeps beside the rejected files of each folder a <c>rejections.csv</c> and a <c>rejections.xlsx</c> that list them. They are made from
/// the files that lie there, so that they follow whatever people do: a file that is moved back or deleted leaves them as well.
/// </summary>
public sealed class RejectionSheets(
    CertificateContainers containers, Sentences sentences, IOptions<CertificatesOptions> options, TimeProvider time)
{
    private const string Csv = "rejections.csv";
    private const string Workbook = "rejections.xlsx";

    // Which files a sheet was made from, and by which version of this class.
    private const string Mark = "springest_rejections";
    private const int Version = 3;

    // Nobody reads more, and all are in memory at once.
    private const int MostRows = 5000;

    // What came and what people do with it is looked for this often.
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(5);

    private DateTimeOffset _next;

    /// <summary>Whether a file's name is that of a sheet, so that no file can have it.</summary>
    public static bool IsReserved(string name) => BlobNames.FileOf(name) is Csv or Workbook;

    /// <summary>Whether a file in the drop is a sheet that came along with the files of its folder.</summary>
    public static bool IsOne(DroppedFile file) => IsReserved(file.Name) && file.Metadata.ContainsKey(Mark);

    /// <summary>Makes the sheets anew that are out of date.</summary>
    /// <param name="budget">Has it begin with no further folder; those that are left are found by the next look.</param>
    public async Task UpdateAsync(CancellationToken budget, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() < _next)
            return;
        var next = time.GetUtcNow() + s_interval;
        foreach (var folder in await FindOutdatedAsync(cancellationToken))
        {
            if (budget.IsCancellationRequested)
                return;
            await UpdateAsync(folder, cancellationToken);
        }

        _next = next;
    }

    /// <summary>Removes the sheets of a folder for good, until the next look makes them of what is there then.</summary>
    internal async Task RemoveAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var name in NamesIn(folder))
            await CertificateContainers.EraseAsync(containers.Rejected, name, cancellationToken);
    }

    private async Task<IEnumerable<string>> FindOutdatedAsync(CancellationToken cancellationToken)
    {
        var (now, made) = (new Dictionary<string, UInt128>(), new Dictionary<string, string?>());
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in containers.Rejected.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, cancellationToken))
        {
            var folder = BlobNames.FolderOf(blob.Name);
            // Of the two, one may have been left behind.
            if (IsReserved(blob.Name))
                made[folder] = blob.Metadata.TryGetValue(Mark, out var mark) && made.GetValueOrDefault(folder, mark) == mark ? mark : null;
            else if (IsReport(blob.Name, names))
                now[folder] = now.GetValueOrDefault(folder) + Number(blob);
            else
                names.Add(blob.Name);
        }

        return made.Keys.Union(now.Keys)
            .Where(folder => made.GetValueOrDefault(folder) != MarkOf(folder, now.GetValueOrDefault(folder))).ToList();
    }

    private async Task UpdateAsync(string folder, CancellationToken cancellationToken)
    {
        var (number, reports, hasSheet) = await ListAsync(folder, cancellationToken);
        if (reports.Count == 0)
        {
            if (hasSheet)
                await TryRemoveAsync(folder, cancellationToken);
            return;
        }

        var rows = await ReadAsync(reports, cancellationToken);
        var wording = sentences.For(SiteOf(folder));
        var mark = MarkOf(folder, number);
        await WriteAsync(folder + Csv, RejectionSheet.ToCsv(rows, wording), "text/csv; charset=utf-8", mark, cancellationToken);
        await WriteAsync(
            folder + Workbook, await RejectionSheet.ToWorkbookAsync(rows, wording, cancellationToken),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", mark, cancellationToken);
        // A person who was erased meanwhile must not come back by them.
        var left = (await ListAsync(folder, cancellationToken)).Reports.Select(report => report.Name).ToHashSet(StringComparer.Ordinal);
        if (!reports.TrueForAll(report => left.Contains(report.Name)))
            await TryRemoveAsync(folder, cancellationToken);
    }

    private async Task<(UInt128 Number, List<BlobItem> Reports, bool HasSheet)> ListAsync(
        string folder, CancellationToken cancellationToken)
    {
        var (number, names, reports) = (UInt128.Zero, new HashSet<string>(StringComparer.Ordinal), new List<BlobItem>());
        var hasSheet = false;
        await foreach (var item in containers.Rejected.GetBlobsByHierarchyAsync(
            BlobTraits.Metadata, BlobStates.None, "/", folder, cancellationToken))
        {
            if (!item.IsBlob)
                continue;
            if (IsReserved(item.Blob.Name))
            {
                hasSheet = true;
            }
            else if (IsReport(item.Blob.Name, names))
            {
                number += Number(item.Blob);
                reports.Add(item.Blob);
            }
            else
            {
                names.Add(item.Blob.Name);
            }
        }

        return (number, reports, hasSheet);
    }

    // A file is listed before its report; beside one that is there without it, the file was put back.
    private static bool IsReport(string name, HashSet<string> files)
        => name.EndsWith(ReportNames.Rejection, StringComparison.Ordinal) && files.Contains(name[..^ReportNames.Rejection.Length]);

    /// <summary>The reports, the newest first.</summary>
    private async Task<List<CertificateReport>> ReadAsync(List<BlobItem> reports, CancellationToken cancellationToken)
    {
        var rows = new ConcurrentBag<CertificateReport>();
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Value.SweepParallelism, CancellationToken = cancellationToken,
        };
        var newest = reports.OrderByDescending(report => report.Properties.LastModified).Take(MostRows);
        await Parallel.ForEachAsync(newest, parallel, async (report, token) =>
        {
            try
            {
                var content = await containers.Rejected.GetBlobClient(report.Name).DownloadContentAsync(token);
                var row = CertificateReport.FromJson(content.Value.Content.ToString());
                // Others may write here, too.
                if (row is { File: not null } && row.Problems?.All(each => each is { Code: not null, Values: not null }) is not false)
                    rows.Add(row);
            }
            catch (Exception e) when (e is System.Text.Json.JsonException
                || (e is RequestFailedException refused && (refused.Status == 404 || BlobRefusedException.Is(refused))))
            {
                // Removed just now, or changed by somebody: no row.
            }
        });
        return [.. rows.OrderByDescending(row => row.At).ThenBy(row => row.File, StringComparer.Ordinal)];
    }

    private async Task WriteAsync(string name, byte[] content, string type, string mark, CancellationToken cancellationToken)
    {
        var upload = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = type },
            Metadata = new Dictionary<string, string> { [Mark] = mark },
        };
        try
        {
            await containers.Rejected.GetBlobClient(name).UploadAsync(new BinaryData(content), upload, cancellationToken);
        }
        catch (RequestFailedException e) when (BlobRefusedException.Is(e))
        {
            // Somebody has it open; the next look finds it out of date.
        }
    }

    private async Task TryRemoveAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var name in NamesIn(folder))
        {
            try
            {
                await CertificateContainers.EraseAsync(containers.Rejected, name, cancellationToken);
            }
            catch (RequestFailedException e) when (BlobRefusedException.Is(e))
            {
                // The same.
            }
        }
    }

    private static string[] NamesIn(string folder) => [folder + Csv, folder + Workbook];

    private static string SiteOf(string folder) => folder.Split('/')[0];

    // Their sum is the same in whatever order they come.
    private static UInt128 Number(BlobItem blob)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{blob.Name}\n{blob.Properties.ETag}"));
        return new UInt128(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8));
    }

    private string MarkOf(string folder, UInt128 number)
        => number == 0 ? "none"
            : string.Create(CultureInfo.InvariantCulture, $"{Version}-{sentences.For(SiteOf(folder)).Id}-{number:x}");
}
