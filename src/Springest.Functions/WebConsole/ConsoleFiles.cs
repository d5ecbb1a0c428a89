using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Springest.Functions.WebConsole;

/// <summary>The files of the console, out of the assembly.</summary>
public sealed class ConsoleFiles
{
    private const string Prefix = "console/";

    private readonly FrozenDictionary<string, Content> _all = typeof(ConsoleFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read);

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
            ".json" => "application/json; charset=utf-8",
            ".svg" => "image/svg+xml",
            var other => throw new NotSupportedException($"The console cannot have a file of the type {other}."),
        };
        return new Content(bytes, type, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");
    }

    /// <param name="Bytes">The file.</param>
    /// <param name="Type">Its media type.</param>
    /// <param name="ETag">Tells it from its other versions.</param>
    public sealed record Content(ReadOnlyMemory<byte> Bytes, string Type, string ETag);
}
