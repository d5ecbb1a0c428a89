using System.Security.Cryptography;
using System.Text;

namespace Springest.LocalHost.Http;

/// <summary>Decides which key opens what, in a time that tells nothing about the keys.</summary>
internal sealed class FunctionKeys(HostSettings settings)
{
    private readonly byte[]? _master = Hash(settings.MasterKey);
    private readonly byte[]? _function = Hash(settings.FunctionKey);
    private readonly byte[]? _system = Hash(settings.SystemKey);
    private readonly ILookup<string, byte[]?> _own =
        settings.FunctionKeys.ToLookup(key => key.Key, key => Hash(key.Value), StringComparer.OrdinalIgnoreCase);

    public bool OpenFunction(HttpRequest request, string function, string? level) => level?.ToUpperInvariant() switch
    {
        "ANONYMOUS" => true,
        "ADMIN" => Shows(request, _master),
        _ => Shows(request, [_master, _function, .. _own[function]]),
    };

    /// <summary>Whether the request may deliver to an extension.</summary>
    public bool OpenExtension(HttpRequest request) => Shows(request, _master, _system);

    public bool OpenAll(HttpRequest request) => Shows(request, _master);

    /// <summary>Whether what the request shows is a key at all: then what it does not open is forbidden to it.</summary>
    public bool Know(HttpRequest request) => Shows(request, [_master, _function, _system, .. _own.SelectMany(keys => keys)]);

    /// <summary>The key comes in the header <c>x-functions-key</c>, or else in the query's first <c>code</c>.</summary>
    private static bool Shows(HttpRequest request, params IEnumerable<byte[]?> keys)
    {
        var shown = Hash(
            request.Headers.TryGetValue("x-functions-key", out var header) ? header[0] : request.Query["code"].FirstOrDefault());
        return shown is not null && keys.Any(key => key is not null && CryptographicOperations.FixedTimeEquals(shown, key));
    }

    // Hashes have one length, so that comparing them does not tell the key's.
    private static byte[]? Hash(string? key) => string.IsNullOrEmpty(key) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
