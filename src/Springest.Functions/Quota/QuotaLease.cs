using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace Springest.Functions.Quota;

/// <summary>A permit, or the reason why there is none. Permits are used up: disposing of a lease gives nothing back.</summary>
internal sealed class QuotaLease(TimeSpan? retryAfter, string? reason) : RateLimitLease
{
    public static readonly QuotaLease Granted = new(null, null);

    public override bool IsAcquired => reason is null;

    public override IEnumerable<string> MetadataNames
        => IsAcquired ? [] : retryAfter is null ? [MetadataName.ReasonPhrase.Name] : [MetadataName.RetryAfter.Name, MetadataName.ReasonPhrase.Name];

    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter
            : metadataName == MetadataName.ReasonPhrase.Name ? reason
            : null;
        return metadata is not null;
    }
}
