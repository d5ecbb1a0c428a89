using System.Security.Cryptography;
using System.Text;

namespace Springest.Functions.Text;

/// <summary>Tells keys of the API apart in storage; nobody can find a key again from it.</summary>
internal static class Fingerprint
{
    public static string Of(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 8));
}
