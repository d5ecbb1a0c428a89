using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Uploads;

/// <summary>
/// Puts uploaded files into the drop, where they are taken up as all others: <c>SITE/BATCH/NAME</c>. A file comes in parts, which count for
/// nothing until the last of them makes it a file; one that is there already is never written over.
/// </summary>
public sealed partial class UploadStore(CertificateContainers containers, IOptions<CertificatesOptions> options) : IDisposable
{
    /// <summary>Of each part but the last: so much the host holds in memory several times over.</summary>
    public const int PartSize = 1024 * 1024;

    private const int MostAtOnce = 4;
    private const int MostNameLength = 150;

    private readonly SemaphoreSlim _places = new(MostAtOnce);

    public int MaxFileSize => options.Value.MaxFileSize;

    public static bool IsBatch(string? text) => text is not null && Batch().IsMatch(text);

    public bool TryEnter() => _places.Wait(0);

    public void Leave() => _places.Release();

    public void Dispose() => _places.Dispose();

    /// <summary>Whether a part would make its file larger than files may be.</summary>
    public bool IsTooLarge(int part, int length) => ((long)(part - 1) * PartSize) + length > MaxFileSize;

    /// <summary>The name that a file gets; null if it cannot be one that is submitted.</summary>
    public string? Clean(string name)
    {
        // Browsers and systems tell paths, or not.
        var plain = NormalizedText.Of(name[(name.LastIndexOfAny(['/', '\\']) + 1)..]);
        var clean = string.Create(plain.Length, plain, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(text[i]) || char.GetUnicodeCategory(text[i]) is UnicodeCategory.Format or UnicodeCategory.Surrogate
                    || "?#%*:|\"<>".Contains(text[i], StringComparison.Ordinal) ? '_' : text[i];
        }).Trim().TrimStart('.');
        return clean.Length is > 4 and <= MostNameLength && FileType.Of(clean) is { } type
            && options.Value.ListFileTypes().Contains(type.Extension)
            ? clean
            : null;
    }

    /// <summary>Puts a part; the last one makes the file.</summary>
    public async Task<UploadOutcome> PutAsync(
        Upload upload, ReadOnlyMemory<byte> bytes, int part, int parts, CancellationToken cancellationToken)
    {
        var name = $"{upload.Site}/{upload.Batch}/{upload.File}";
        var blob = containers.Drop.GetBlockBlobClient(name);
        using var content = new MemoryStream(bytes.ToArray(), writable: false);
        try
        {
            if (parts > 1)
                await blob.StageBlockAsync(BlockOf(upload, part), content, cancellationToken: cancellationToken);
            if (part < parts)
                return UploadOutcome.Taken;
            if (await blob.ExistsAsync(cancellationToken))
                return UploadOutcome.Exists;
            if (parts > 1 && !await AreStagedAsync(blob, upload, parts, cancellationToken))
                return UploadOutcome.PartMissing;
            // Before the file, which is not to be judged by its name alone.
            if (upload.Fields is not null && !await TryPutSidecarAsync(name, upload.Fields, cancellationToken))
                return UploadOutcome.Exists;
            var (headers, conditions) = (
                new BlobHttpHeaders { ContentType = FileType.Of(name)!.MediaType }, new BlobRequestConditions { IfNoneMatch = ETag.All });
            var metadata = new Dictionary<string, string> { [DroppedFile.UploaderMark] = upload.By };
            if (parts == 1)
                await blob.UploadAsync(
                    content, new BlobUploadOptions { HttpHeaders = headers, Conditions = conditions, Metadata = metadata },
                    cancellationToken);
            else
                await blob.CommitBlockListAsync(
                    Enumerable.Range(1, parts).Select(each => BlockOf(upload, each)),
                    new CommitBlockListOptions { HttpHeaders = headers, Conditions = conditions, Metadata = metadata }, cancellationToken);
            return UploadOutcome.Done;
        }
        catch (RequestFailedException failed) when (failed.ErrorCode is "BlobAlreadyExists" or "ConditionNotMet")
        {
            return UploadOutcome.Exists;
        }
        catch (RequestFailedException failed) when (failed.ErrorCode is "InvalidBlockList" or "InvalidBlockId")
        {
            return UploadOutcome.PartMissing;
        }
    }

    private static async Task<bool> AreStagedAsync(
        BlockBlobClient blob, Upload upload, int parts, CancellationToken cancellationToken)
    {
        var list = await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken);
        var staged = list.Value.UncommittedBlocks.Select(block => block.Name).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(1, parts).All(part => staged.Contains(BlockOf(upload, part)));
    }

    /// <returns>False if there is one that says something else: the file is another.</returns>
    private async Task<bool> TryPutSidecarAsync(string name, RawFields fields, CancellationToken cancellationToken)
    {
        var sidecar = containers.Drop.GetBlobClient(name + ".json");
        var json = JsonSerializer.SerializeToUtf8Bytes(fields.ToDictionary());
        try
        {
            await sidecar.UploadAsync(
                new BinaryData(json),
                new BlobUploadOptions
                {
                    Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                    HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
                },
                cancellationToken);
            return true;
        }
        catch (RequestFailedException failed) when (failed.ErrorCode is "BlobAlreadyExists" or "ConditionNotMet")
        {
            // Of the same file, whose answer was lost; or of one whose name became the same.
            var there = await sidecar.DownloadContentAsync(cancellationToken);
            return there.Value.Content.ToMemory().Span.SequenceEqual(json);
        }
    }

    // Of the name as it came, so that the parts of two files whose names become the same are never mixed.
    private static string BlockOf(Upload upload, int part)
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes(upload.Given)).AsSpan(0, 8);
        return Convert.ToBase64String(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(name)}{part:D6}")));
    }

    [GeneratedRegex(@"\A[a-z0-9-]{1,40}\z")]
    private static partial Regex Batch();
}
