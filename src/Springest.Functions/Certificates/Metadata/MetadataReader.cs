using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Azure;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Metadata;

/// <summary>
/// Finds what a file is for. The first source that says anything counts, alone: the blob's metadata, a sidecar beside it, its line in
/// the folder's manifest, the file's own name.
/// </summary>
public sealed partial class MetadataReader(
    CertificateContainers containers, DropContainer drop, ManifestReader manifests, TimeProvider time)
{
    internal const int MaxSidecarSize = 64 * 1024;

    public async Task<FileMetadata> ReadAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        if (FromBlob(file.Metadata) is { IsEmpty: false } own)
        {
            // This app notes moves in the same place, and tools note times and rights of files.
            var names = file.Metadata.Keys.Where(name => !NotedByPrograms().IsMatch(name));
            return new FileMetadata(own) { Problems = Check(file.FileName, names) };
        }

        if (await FromSidecarAsync(file.Sidecar, cancellationToken) is { } beside)
            return beside;
        var manifest = await manifests.FindAsync(file.Path, cancellationToken);
        if (manifest?.Find(file.FileName) is { } line)
            return new FileMetadata(line.Fields) { Source = new ManifestSource(manifest, line), Problems = line.Problems };
        // Refused in a moment; until then nobody knows what it was to say.
        if (manifest is { Problems.Count: > 0 })
            return new FileMetadata(null) { Missing = Problem.About(null, Reason.WaitingForList), IsToCome = true };
        return new FileMetadata(FromName(file.FileName))
        {
            Missing = manifest is null
                ? Problem.About(null, Reason.MetadataMissing, BlobNames.FileOf(file.Sidecar))
                : Problem.About(null, Reason.ManifestLineMissing, file.FileName, manifest.FileName),
        };
    }

    /// <summary>Whether a file says by itself what it is for.</summary>
    public static bool SaysAll(DroppedFile file) => !FromBlob(file.Metadata).IsEmpty || FromName(file.FileName) is not null;

    private static RawFields FromBlob(IDictionary<string, string> metadata)
        => RawFields.From(name => metadata.FirstOrDefault(entry => RawFields.NameOf(entry.Key) == name).Value);

    /// <summary>What is wrong with the names of what is said: one that is no field may be a slip of the pen.</summary>
    private static List<Problem> Check(string source, IEnumerable<string> names)
    {
        var problems = new List<Problem>();
        foreach (var field in names.GroupBy(RawFields.NameOf))
        {
            var (first, second) = (Shorten(field.First()), Shorten(field.ElementAtOrDefault(1) ?? ""));
            if (field.Key is null)
                problems.Add(Problem.About(first, Reason.FieldUnknown, source, first, string.Join(", ", RawFields.Names)));
            else if (second.Length > 0)
                problems.Add(Problem.About(field.Key, Reason.FieldTwice, source, first, second));
        }

        return problems;

        static string Shorten(string name) => StoredText.Shorten(name, 100);
    }

    private static FileMetadata ToCome(string source)
        => new(null) { Missing = Problem.About(null, Reason.WaitingForMetadata, source), IsToCome = true };

    private static FileMetadata Unreadable(string sidecar, string why)
        => new(null) { Problems = [Problem.About(null, Reason.SidecarUnreadable, BlobNames.FileOf(sidecar), why)] };

    private async Task<FileMetadata?> FromSidecarAsync(string name, CancellationToken cancellationToken)
    {
        if (name.Length > BlobNames.MaxLength)
            return null;
        try
        {
            // One byte more than allowed, so that a larger one is noticed without being read.
            var range = new BlobDownloadOptions { Range = new HttpRange(0, MaxSidecarSize + 1) };
            var answer = await containers.Drop.GetBlobClient(name).DownloadContentAsync(range, cancellationToken);
            var said = Parse(BlobNames.FileOf(name), answer.Value.Content.ToMemory());
            return said.Fields!.IsEmpty && said.Problems.Count == 0 ? null : said;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException e) when (BlobRefusedException.Is(e))
        {
            throw new BlobRefusedException(name, e);
        }
        catch (RequestFailedException e) when (e.Status == 416)
        {
            return await drop.FindAsync(name, cancellationToken) is { } sidecar && sidecar.IsBeingWritten(time.GetUtcNow())
                ? ToCome(BlobNames.FileOf(name))
                : Unreadable(name, Cause.Empty);
        }
        catch (JsonException e)
        {
            return Unreadable(name, Position(e));
        }
    }

    /// <summary>Reads what a sidecar says.</summary>
    /// <param name="source">Its name.</param>
    /// <param name="json">Its content.</param>
    internal static FileMetadata Parse(string source, ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxSidecarSize)
            throw new JsonException(Cause.TooLarge);
        if (!Utf8.IsValid(json.Span))
            throw new JsonException(Cause.NotUtf8);
        if (json.Span.StartsWith("\uFEFF"u8))
            json = json[3..];
        try
        {
            return Read(source, json);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException(Cause.HalfCharacter, e);
        }
    }

    private static FileMetadata Read(string source, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(
            json,
            new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException(Cause.NotObject);
        var properties = root.EnumerateObject().Select(property => (Field: RawFields.NameOf(property.Name), property.Name, property.Value))
            .ToList();
        var said = properties.Where(property => property.Field is not null).DistinctBy(property => property.Field)
            .ToDictionary(property => property.Field!, property => property.Value);
        // A name with one of these in front is a note of whoever wrote it.
        var names = properties.Select(property => property.Name).Where(name => name is not ['_' or '$', ..]);
        return said.Count > 0
            ? new FileMetadata(RawFields.From(name => said.TryGetValue(name, out var value) ? Text(name, value) : null))
            {
                Problems = Check(source, names),
            }
            : throw new JsonException(Cause.With(Cause.NoField, string.Join(", ", RawFields.Names)));
    }

    private static string? Text(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => throw new JsonException(Cause.With(Cause.NotText, name)),
    };

    private static string Position(JsonException e)
        => e.LineNumber is { } line ? Cause.With(Cause.Position, line + 1, (e.BytePositionInLine ?? 0) + 1) : e.Message;

    internal static RawFields? FromName(string fileName)
    {
        var match = NamePattern().Match(Path.GetFileNameWithoutExtension(fileName));
        return match.Success ? RawFields.From(name => match.Groups[name] is { Success: true, Value: var value } ? value : null) : null;
    }

    // The address may hold underscores and even dates, so it is as short as the rest allows. A small number at the end tells copies apart;
    // behind it is this app's own mark (BlobNames.Mark), once for each time that the place was taken.
    [GeneratedRegex(
        "^((?<certification_id>[0-9]+)|(?<certification>[^_@]+))_(?<email>[^@]+?@[^@]+?)_(?<valid_from>[0-9]{4}-[0-9]{2}-[0-9]{2})" +
        @"(_(?<valid_until>[0-9]{4}-[0-9]{2}-[0-9]{2}))?(_(?<booking_id>[0-9]{4,}))?(_[0-9]{1,3}| ?\([0-9]{1,3}\))?(~[0-9a-f]{12})*$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex NamePattern();

    [GeneratedRegex(
        "^(springest_|hdi_|posix_|m(od)?time$|mode$|_)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NotedByPrograms();
}
