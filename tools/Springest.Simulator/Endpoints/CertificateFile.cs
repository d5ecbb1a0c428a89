using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Springest.Simulator.Endpoints;

/// <summary>What is kept of a posted file.</summary>
internal sealed record CertificateFile(string Name, string? ContentType, long Size, string Sha256, bool IsBase64, bool IsTooLarge)
{
    private static readonly SearchValues<byte> Base64Bytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"u8);

    // Shorter texts are Base64 by chance.
    private const int ShortestBase64 = 16;

    public static async Task<CertificateFile> ReadAsync(
        MultipartSection section, ContentDispositionHeaderValue disposition, long maxSize, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        var size = 0L;
        var onlyBase64 = true;
        int read;
        while ((read = await section.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            size += read;
            if (size > maxSize)
                continue;
            hash.AppendData(buffer, 0, read);
            onlyBase64 = onlyBase64 && buffer.AsSpan(0, read).IndexOfAnyExcept(Base64Bytes) < 0;
        }

        return new CertificateFile(
            NameOf(disposition), section.ContentType, size, Convert.ToHexStringLower(hash.GetHashAndReset()),
            IsBase64: IsEncoded(section) || (onlyBase64 && size >= ShortestBase64), IsTooLarge: size > maxSize);
    }

    private static string NameOf(ContentDispositionHeaderValue disposition)
        => HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();

    private static bool IsEncoded(MultipartSection section)
        => section.Headers?.TryGetValue("Content-Transfer-Encoding", out var encoding) == true
            && encoding.ToString().Equals("base64", StringComparison.OrdinalIgnoreCase);
}
