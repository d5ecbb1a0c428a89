using System.Globalization;
using System.Text.Json.Serialization;

namespace Springest.Functions.Certificates.Api;

/// <summary>What to look for: one of the first three, or a certification, a month, or both.</summary>
public sealed record SearchRequest(
    string? Site, string? Email, long? CertificateId, string? File, long? CertificationId, string? Month)
{
    /// <summary>When the month and the next one begin in a time zone; all time if none is given, null if it is none.</summary>
    public (DateTimeOffset From, DateTimeOffset Until)? FindSpan(TimeZoneInfo zone)
    {
        if (Month is null)
            return (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        return DateTime.TryParseExact(Month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
            && first.Year is > 1 and < 9999 ? (Begin(first), Begin(first.AddMonths(1))) : null;

        DateTimeOffset Begin(DateTime day) => new(day, zone.GetUtcOffset(day));
    }
}

/// <summary>What came of a command for all of a state.</summary>
/// <param name="Retried">How many are tried again.</param>
public sealed record RetryResult(int Retried);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(RetryResult))]
internal sealed partial class CertificateApiJson : JsonSerializerContext;
