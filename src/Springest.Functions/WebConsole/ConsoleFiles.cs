using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.WebConsole;

/// <summary>The files of the console, out of the assembly: its page, the app's sentences, and the guides that it points to.</summary>
public sealed class ConsoleFiles
{
    private const string Prefix = "console/";
    private const string JsonType = "application/json; charset=utf-8";

    private readonly FrozenDictionary<string, Content> _all = typeof(ConsoleFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(name => name[Prefix.Length..], Read)
        .Concat(Sentences.Languages.ToDictionary(language => $"reasons-{language}.json", SayAll))
        .ToFrozenDictionary();

    public Content Page => _all["index.html"];

    /// <summary>The file of this name; null if there is none, and for the page itself, which has an address of its own.</summary>
    public Content? Find(string name) => name == "index.html" ? null : _all.GetValueOrDefault(name);

    private static Content Read(string resource)
    {
        using var stream = typeof(ConsoleFiles).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var type = Path.GetExtension(resource) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".json" => JsonType,
            ".md" => "text/plain; charset=utf-8",
            ".svg" => "image/svg+xml",
            var other => throw new NotSupportedException($"The console cannot have a file of the type {other}."),
        };
        return Of(bytes, type);
    }

    // For a reader in another language than the one that a site's sentences are written in.
    private static Content SayAll(string language) => Of(JsonSerializer.SerializeToUtf8Bytes(Sentences.All(language)), JsonType);

    private static Content Of(byte[] bytes, string type)
        => new(bytes, type, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");

    /// <param name="Bytes">The file.</param>
    /// <param name="Type">Its media type.</param>
    /// <param name="ETag">Tells it from its other versions.</param>
    public sealed record Content(ReadOnlyMemory<byte> Bytes, string Type, string ETag);
}
