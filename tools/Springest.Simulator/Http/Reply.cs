using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Springest.Simulator.Http;

/// <summary>An answer: a status and a JSON body, which becomes XML where that was asked for.</summary>
internal sealed record Reply(int Status, ReadOnlyMemory<byte> Json)
{
    /// <summary>An error body, which has a form of its own in XML.</summary>
    public bool IsError { get; init; }

    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Name of the function around a JSONP answer.</summary>
    public string? Callback { get; init; }

    public static Reply Ok(JsonNode body, int status = 200) => new(status, JsonSerializer.SerializeToUtf8Bytes(body, JsonText.Options));

    public static Reply Write(Action<Utf8JsonWriter> write, int status = 200)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, JsonText.Writer))
            write(writer);
        return new Reply(status, buffer.WrittenMemory);
    }

    /// <summary>An error: a text, or an object of faults by field.</summary>
    public static Reply Error(int status, JsonNode error) => Ok(new JsonObject { ["error"] = error }, status) with { IsError = true };

    public static Reply NotFound() => Error(404, "Not found");

    public static Reply Forbidden() => Error(403, "Forbidden");
}
