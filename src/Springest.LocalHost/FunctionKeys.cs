using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Springest.LocalHost;

/// <summary>Decides whether a request shows the key that a function asks for, in a time that tells nothing about the key.</summary>
internal sealed class FunctionKeys(FunctionsHostOptions options)
{
    private readonly byte[]? _function = Hash(options.FunctionKey);
    private readonly byte[]? _master = Hash(options.MasterKey);

    /// <summary>The key comes in the header <c>x-functions-key</c>, or else in the query's <c>code</c>.</summary>
    public bool Open(HttpRequest request, AuthorizationLevel level)
    {
        if (level == AuthorizationLevel.Anonymous)
            return true;

        var shown = Hash(request.Headers.TryGetValue("x-functions-key", out var header) ? header[0] : request.Query["code"].FirstOrDefault());
        var master = Same(shown, _master);
        var function = Same(shown, _function);
        return master || (function && level == AuthorizationLevel.Function);
    }

    private static bool Same(byte[]? shown, byte[]? key)
        => shown is not null && key is not null && CryptographicOperations.FixedTimeEquals(shown, key);

    // Hashes have one length, so that comparing them does not tell the key's.
    private static byte[]? Hash(string? key) => string.IsNullOrEmpty(key) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
