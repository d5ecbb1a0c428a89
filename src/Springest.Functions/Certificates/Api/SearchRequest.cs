using System.Globalization;
using System.Text.Json.Serialization;

namespace Springest.Functions.Certificates.Api;

/// <summary>What to look for: one of the first three, or a certification, a month, or both.</summary>
public sealed record SearchRequest(
    string? Site, string? Email, long? CertificateId, string? File, long? CertificationId, string? Month)
{
    /// <summary>The month's first day, in UTC, and the next one's; all days if none is given, null if it is none.</summary>
    public (DateTimeOffset From, DateTimeOffset Until)? FindSpan()
        => Month is null ? (DateTimeOffset.MinValue, DateTimeOffset.MaxValue)
            : DateTime.TryParseExact(Month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal
                | DateTimeStyles.AdjustToUniversal, out var first) && first.Year < 9999
                ? (first, first.AddMonths(1))
            : null;
}

/// <summary>What came of a command for all of a state.</summary>
/// <param name="Retried">How many are tried again.</param>
public sealed record RetryResult(int Retried);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(RetryResult))]
internal sealed partial class CertificateApiJson : JsonSerializerContext;
