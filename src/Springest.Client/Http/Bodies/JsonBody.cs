using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Springest.Client.Http.Bodies;

/// <summary>A write's fields as JSON.</summary>
internal sealed class JsonBody : WriteContent
{
    private readonly byte[] _json;

    private JsonBody(byte[] json) => _json = json;

    /// <summary>No fields at all.</summary>
    public static JsonBody Empty() => new([]);

    public static JsonBody Of<T>(T fields, JsonTypeInfo<T> type)
    {
        var body = new JsonBody(JsonSerializer.SerializeToUtf8Bytes(fields, type));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return body;
    }

    protected override Task WriteAsync(Stream stream, CancellationToken cancellationToken)
        => stream.WriteAsync(_json, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = _json.Length;
        return true;
    }
}
