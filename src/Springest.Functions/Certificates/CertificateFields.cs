using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Springest.Functions.Certificates;

/// <summary>What a file is submitted with, checked.</summary>
public sealed record CertificateFields(long CertificationId, string Email, DateOnly ValidFrom, DateOnly? ValidUntil, long? BookingId)
{
    /// <summary>The submission key: two files with the same bytes and the same fields are the same certificate.</summary>
    public string KeyWith(string contentHash)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
            '\n', contentHash, Text(CertificationId), Email.ToLowerInvariant(), Text(ValidFrom), Text(ValidUntil), Text(BookingId)))));

    public static string? Text(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
