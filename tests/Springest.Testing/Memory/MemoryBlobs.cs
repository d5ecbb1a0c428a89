using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;

namespace Springest.Testing.Memory;

/// <summary>The blob service, block blobs only. One request at a time.</summary>
internal sealed class MemoryBlobs
{
    private const int MostInAPage = 5000;
    private const string MetadataPrefix = "x-ms-meta-";

    private readonly Dictionary<string, SortedList<string, MemoryBlob>> _containers = [];
    private readonly Dictionary<(string Container, string Blob), Dictionary<string, byte[]>> _blocks = [];

    public HttpResponseMessage Answer(MemoryRequest request)
    {
        var (container, blob) = request.Path.Split('/', 2) switch { [var one, var rest] => (one, rest), var one => (one[0], "") };
        if (request.Query("restype") == "container")
            return request.Query("comp") == "list" ? List(container, request) : OfContainer(container, request);
        if (!_containers.TryGetValue(container, out var blobs))
            return Error(404, "ContainerNotFound", request);
        return (request.Method, request.Query("comp")) switch
        {
            ("PUT", "block") => PutBlock((container, blob), request),
            ("PUT", "blocklist") => Assemble((container, blob), request) is { } content
                ? Put(blobs, blob, content, request, "x-ms-blob-content-type")
                : Error(400, "InvalidBlockList", request),
            ("PUT", "metadata") => SetMetadata(blobs, blob, request),
            ("PUT", not null) => Error(501, "NotImplemented", request),
            ("PUT", _) when request.Header("x-ms-copy-source") is { } source => Copy(source, blobs, blob, request),
            ("PUT", _) => Put(
                blobs,
                blob,
                request.Body,
                request,
                request.Header("x-ms-blob-content-type") is null ? "Content-Type" : "x-ms-blob-content-type"),
            ("GET" or "HEAD", _) => Get(blobs, blob, request),
            ("DELETE", _) => Delete(blobs, blob, request),
            _ => Error(501, "NotImplemented", request),
        };
    }

    private HttpResponseMessage OfContainer(string container, MemoryRequest request)
        => request.Method switch
        {
            "PUT" when _containers.TryAdd(container, new(StringComparer.Ordinal)) => Stamped(
                HttpStatusCode.Created,
                request.Version,
                request.Now),
            "PUT" => Error(409, "ContainerAlreadyExists", request),
            "DELETE" when _containers.Remove(container) => new HttpResponseMessage(HttpStatusCode.Accepted),
            "GET" or "HEAD" when _containers.ContainsKey(container) => Stamped(HttpStatusCode.OK, request.Version, request.Now),
            _ => Error(404, "ContainerNotFound", request),
        };

    private HttpResponseMessage List(string container, MemoryRequest request)
    {
        if (!_containers.TryGetValue(container, out var blobs))
            return Error(404, "ContainerNotFound", request);
        var (prefix, marker) = (request.Query("prefix") ?? "", request.Query("marker") ?? "");
        var top = int.Parse(request.Query("maxresults") ?? $"{MostInAPage}", CultureInfo.InvariantCulture);
        // A folder stands once for all that is in it.
        var delimiter = request.Query("delimiter");
        var found = blobs.SkipWhile(blob => string.CompareOrdinal(blob.Key, marker) < 0)
            .Where(blob => blob.Key.StartsWith(prefix, StringComparison.Ordinal))
            .DistinctBy(blob => FolderOf(blob.Key, prefix.Length, delimiter) ?? blob.Key).Take(top + 1).ToList();
        var withMetadata = request.Query("include")?.Contains("metadata", StringComparison.OrdinalIgnoreCase) == true;
        var xml = new XElement(
            "EnumerationResults",
            new XAttribute("ServiceEndpoint", request.Uri.GetLeftPart(UriPartial.Authority)),
            new XAttribute("ContainerName", container),
            new XElement("Blobs", found.Take(top).Select(blob => FolderOf(blob.Key, prefix.Length, delimiter) is { } folder
                ? new XElement("BlobPrefix", new XElement("Name", folder))
                : ToXml(blob.Key, blob.Value, withMetadata))),
            new XElement("NextMarker", found.Count > top ? found[top].Key : ""));
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(
                new XDeclaration("1.0", "utf-8", null) + xml.ToString(SaveOptions.DisableFormatting),
                Encoding.UTF8,
                "application/xml"),
        };
    }

    private static string? FolderOf(string name, int start, string? delimiter)
        => delimiter is not null && name.IndexOf(delimiter, start, StringComparison.Ordinal) is var end and >= 0
            ? name[..(end + delimiter.Length)]
            : null;

    private static XElement ToXml(string name, MemoryBlob blob, bool withMetadata) => new(
        "Blob",
        new XElement("Name", name),
        new XElement(
            "Properties",
            new XElement("Creation-Time", blob.Created.ToString("R", CultureInfo.InvariantCulture)),
            new XElement("Last-Modified", blob.Modified.ToString("R", CultureInfo.InvariantCulture)),
            new XElement("Etag", blob.Version),
            new XElement("Content-Length", blob.Content.Length),
            new XElement("Content-Type", blob.ContentType),
            new XElement("BlobType", "BlockBlob")),
        withMetadata ? new XElement("Metadata", blob.Metadata.Select(entry => new XElement(entry.Key, entry.Value))) : null);

    private HttpResponseMessage PutBlock((string, string) blob, MemoryRequest request)
    {
        if (!_blocks.TryGetValue(blob, out var blocks))
            _blocks[blob] = blocks = [];
        blocks[request.Query("blockid")!] = request.Body;
        return new HttpResponseMessage(HttpStatusCode.Created);
    }

    /// <summary>Those that are listed stay, and may be listed again. The others are discarded.</summary>
    /// <returns>Null if one that is listed is not there.</returns>
    private byte[]? Assemble((string, string) blob, MemoryRequest request)
    {
        var list = XElement.Parse(Encoding.UTF8.GetString(request.Body).TrimStart('\uFEFF')).Elements().Select(id => id.Value).ToList();
        var blocks = _blocks.GetValueOrDefault(blob) ?? [];
        if (!list.TrueForAll(blocks.ContainsKey))
            return null;
        _blocks[blob] = list.ToDictionary(id => id, id => blocks[id]);
        return [.. list.SelectMany(id => blocks[id])];
    }

    private static HttpResponseMessage Put(
        SortedList<string, MemoryBlob> blobs,
        string name,
        byte[] content,
        MemoryRequest request,
        string contentType)
    {
        var old = blobs.GetValueOrDefault(name);
        if (Refusal(old, request) is { } refusal)
            return refusal;
        blobs[name] = new MemoryBlob(
            content,
            request.Version,
            request.Now,
            old?.Created ?? request.Now,
            request.Header(contentType) ?? "application/octet-stream",
            MetadataOf(request),
            CopyId: null);
        return Stamped(HttpStatusCode.Created, request.Version, request.Now);
    }

    private static HttpResponseMessage SetMetadata(SortedList<string, MemoryBlob> blobs, string name, MemoryRequest request)
    {
        if (!blobs.TryGetValue(name, out var old))
            return Error(404, "BlobNotFound", request);
        if (Refusal(old, request) is { } refusal)
            return refusal;
        blobs[name] = old with { Metadata = MetadataOf(request), Version = request.Version, Modified = request.Now };
        return Stamped(HttpStatusCode.OK, request.Version, request.Now);
    }

    private HttpResponseMessage Copy(string source, SortedList<string, MemoryBlob> blobs, string name, MemoryRequest request)
    {
        var path = Uri.UnescapeDataString(new Uri(source).AbsolutePath.Split('/', 3)[2]).Split('/', 2);
        if (!_containers.TryGetValue(path[0], out var from) || !from.TryGetValue(path[1], out var copied))
            return Error(404, "BlobNotFound", request);
        if (request.Header("x-ms-source-if-match") is { } version && version.Trim('"') != copied.Version)
            return Error(412, "SourceConditionNotMet", request);
        var old = blobs.GetValueOrDefault(name);
        if (Refusal(old, request) is { } refusal)
            return refusal;
        var metadata = MetadataOf(request) is { Count: > 0 } given ? given : copied.Metadata;
        blobs[name] = copied with
        {
            Metadata = metadata,
            Version = request.Version,
            Modified = request.Now,
            Created = old?.Created ?? request.Now,
            CopyId = request.Version,
        };
        var response = Stamped(HttpStatusCode.Accepted, request.Version, request.Now);
        SayCopied(response, request.Version);
        return response;
    }

    private static void SayCopied(HttpResponseMessage response, string id)
    {
        response.Headers.Add("x-ms-copy-id", id);
        response.Headers.Add("x-ms-copy-status", "success");
    }

    private static HttpResponseMessage Get(SortedList<string, MemoryBlob> blobs, string name, MemoryRequest request)
    {
        if (!blobs.TryGetValue(name, out var blob))
            return Error(404, "BlobNotFound", request);
        if (Refusal(blob, request) is { } refusal)
            return refusal;
        var range = RangeOf(request, blob.Content.Length);
        var (from, to) = range ?? (0, blob.Content.Length);
        if (range is not null && from >= blob.Content.Length)
            return Error(416, "InvalidRange", request);
        var response = Stamped(range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent, blob.Version, blob.Modified);
        response.Content = request.Method == "HEAD" ? new ByteArrayContent([]) : new ByteArrayContent(blob.Content, from, to - from);
        response.Content.Headers.LastModified = blob.Modified;
        response.Content.Headers.ContentLength = to - from;
        response.Content.Headers.TryAddWithoutValidation("Content-Type", blob.ContentType);
        if (range is not null)
            response.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, to - 1, blob.Content.Length);
        response.Headers.Add("x-ms-blob-type", "BlockBlob");
        response.Headers.Add("x-ms-lease-status", "unlocked");
        response.Headers.Add("x-ms-creation-time", blob.Created.ToString("R", CultureInfo.InvariantCulture));
        if (blob.CopyId is { } copy)
            SayCopied(response, copy);
        foreach (var (key, value) in blob.Metadata)
            response.Headers.TryAddWithoutValidation(MetadataPrefix + key, value);
        return response;
    }

    private static HttpResponseMessage Delete(SortedList<string, MemoryBlob> blobs, string name, MemoryRequest request)
    {
        if (!blobs.TryGetValue(name, out var blob))
            return Error(404, "BlobNotFound", request);
        if (Refusal(blob, request) is { } refusal)
            return refusal;
        blobs.Remove(name);
        return new HttpResponseMessage(HttpStatusCode.Accepted);
    }

    /// <summary>The answer to a request whose conditions on the blob do not hold; null if they do.</summary>
    private static HttpResponseMessage? Refusal(MemoryBlob? blob, MemoryRequest request)
    {
        if (request.Header("If-Match") is { } only && (blob is null || (only != "*" && only.Trim('"') != blob.Version)))
            return Error(412, "ConditionNotMet", request);
        if (blob is null || request.Header("If-None-Match") is not { } other || (other != "*" && other.Trim('"') != blob.Version))
            return null;
        return request.Method == "PUT" ? Error(409, "BlobAlreadyExists", request) : Error(304, "ConditionNotMet", request);
    }

    private static (int From, int To)? RangeOf(MemoryRequest request, int length)
    {
        if ((request.Header("x-ms-range") ?? request.Header("Range"))?.Split('=', '-') is not [_, var from, var to])
            return null;
        return (
            int.Parse(from, CultureInfo.InvariantCulture),
            to.Length == 0 ? length : (int)Math.Min(length, long.Parse(to, CultureInfo.InvariantCulture) + 1));
    }

    private static Dictionary<string, string> MetadataOf(MemoryRequest request)
        => request.Message.Headers.Where(header => header.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key[MetadataPrefix.Length..], header => string.Join(',', header.Value));

    private static HttpResponseMessage Stamped(HttpStatusCode status, string version, DateTimeOffset modified)
    {
        var response = new HttpResponseMessage(status) { Content = new ByteArrayContent([]) };
        response.Headers.ETag = new EntityTagHeaderValue($"\"{version}\"");
        response.Content.Headers.LastModified = modified;
        return response;
    }

    private static HttpResponseMessage Error(int status, string code, MemoryRequest request)
        => new((HttpStatusCode)status)
        {
            Headers = { { "x-ms-error-code", code } },
            Content =
                request.Method == "HEAD" || status == 304
                    ? new ByteArrayContent([])
                    : new StringContent(
                        $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>",
                        Encoding.UTF8,
                        "application/xml"),
        };

    private sealed record MemoryBlob(
        byte[] Content,
        string Version,
        DateTimeOffset Modified,
        DateTimeOffset Created,
        string ContentType,
        Dictionary<string, string> Metadata,
        string? CopyId);
}
