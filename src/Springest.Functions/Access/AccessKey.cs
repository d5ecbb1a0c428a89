using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Springest.Functions.Access;

/// <summary>A key that opens the app, as it is kept: by its hash, which opens nothing.</summary>
/// <param name="Name">Whose it is. No two keys have the same.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Hash">SHA-256 of its value. The value is random, so that it needs neither salt nor many rounds.</param>
public sealed partial record AccessKey(string Name, AccessRole Role, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The header in which a key is shown. Authorization is read by the host and by sign-in before it.</summary>
    public const string Header = "x-access-key";

    /// <summary>The secret that holds the keys of a deployed app.</summary>
    public const string Secret = "springest-access-keys";

    // Told by scanners that look for keys where they must not be.
    private const string Beginning = "sfk_";

    /// <summary>A new key, and its value, which is kept nowhere.</summary>
    public static (AccessKey Key, string Value) Make(string name, AccessRole role)
    {
        var value = Beginning + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (Of(name, role, value), value);
    }

    /// <summary>A key by its value.</summary>
    public static AccessKey Of(string name, AccessRole role, string value) => new(name, role, HashOf(value));

    public static byte[] HashOf(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));

    /// <summary>Whether it may be the name of a key.</summary>
    public static bool IsName(string name) => ValidName().IsMatch(name);

    /// <summary>Reads a role by its name.</summary>
    public static bool TryParseRole(string text, out AccessRole role)
        => Enum.TryParse(text, ignoreCase: true, out role) && Enum.GetNames<AccessRole>().Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads keys out of a setting or a secret: <c>NAME:ROLE:HASH</c>, with semicolons between them.</summary>
    /// <param name="text">The text; empty for no keys.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="fault">What is wrong, without the text itself.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<AccessKey>? keys, [NotNullWhen(false)] out string? fault)
    {
        var read = new List<AccessKey>();
        foreach (var entry in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (entry.Split(':') is not [var name, var word, var hash] || !IsName(name) || !TryParseRole(word, out var role)
                || !ValidHash().IsMatch(hash) || read.Exists(key => key.Name == name))
            {
                (keys, fault) = (null, $"entry {read.Count + 1} must be NAME:ROLE:HASH, with a name that no other has, "
                    + "the role reader, viewer or operator, and the SHA-256 of the key. `dotnet dev.cs access add` makes one.");
                return false;
            }

            read.Add(new AccessKey(name, role, Convert.FromHexString(hash)));
        }

        (keys, fault) = (read, null);
        return true;
    }

    /// <summary>As <see cref="TryParse"/> reads them.</summary>
    public static string Format(IEnumerable<AccessKey> keys) => string.Join(
        ';', keys.Select(key => $"{key.Name}:{key.Role.ToString().ToLowerInvariant()}:{Convert.ToHexStringLower(key.Hash.Span)}"));

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,39}\z")]
    private static partial Regex ValidName();

    [GeneratedRegex(@"\A[0-9a-fA-F]{64}\z")]
    private static partial Regex ValidHash();
}
