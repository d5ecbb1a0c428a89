using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Springest.LocalHost.Settings;

namespace Springest.LocalHost.Http;

/// <summary>Decides which key opens what, in a time that tells nothing about the keys.</summary>
/// <param name="settings">Hold them.</param>
internal sealed class FunctionKeys(HostSettings settings)
{
    private readonly byte[]? _master = Hash(settings.MasterKey);
    private readonly byte[]? _function = Hash(settings.FunctionKey);
    private readonly byte[]? _system = Hash(settings.SystemKey);

    private readonly ILookup<string, byte[]> _own = (settings.FunctionKeys?.GetChildren() ?? [])
        .SelectMany(function => function.AsEnumerable().Select(key => (function.Key, Hash: Hash(key.Value))))
        .Where(key => key.Hash is not null)
        .ToLookup(key => key.Key, key => key.Hash!, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the request may call a function of a level.</summary>
    public bool OpenFunction(HttpRequest request, string function, string? level) => level?.ToUpperInvariant() switch
    {
        "ANONYMOUS" => true,
        "ADMIN" => OpenAll(request),
        _ => OpenAll(request) | IsShown(request, _function) | _own[function].Any(key => IsShown(request, key)),
    };

    /// <summary>Whether the request may deliver to an extension.</summary>
    public bool OpenExtension(HttpRequest request) => OpenAll(request) | IsShown(request, _system);

    /// <summary>Whether the request shows the master key.</summary>
    public bool OpenAll(HttpRequest request) => IsShown(request, _master);

    /// <summary>Whether what the request shows is a key at all: then it is forbidden what it does not open.</summary>
    public bool Know(HttpRequest request)
        => OpenExtension(request) | IsShown(request, _function) | _own.SelectMany(keys => keys).Any(key => IsShown(request, key));

    /// <summary>The key comes in the header <c>x-functions-key</c>, or else in the query's <c>code</c>.</summary>
    private static bool IsShown(HttpRequest request, byte[]? key)
        => key is not null
            && Hash(request.Headers.TryGetValue("x-functions-key", out var header) ? header[0] : request.Query["code"].FirstOrDefault()) is { } shown
            && CryptographicOperations.FixedTimeEquals(shown, key);

    // Hashes have one length, so that comparing them does not tell the key's.
    private static byte[]? Hash(string? key) => string.IsNullOrEmpty(key) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
