using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Springest.Client;

namespace Springest.Functions.Quota.Limiter;

/// <summary>A permit, which may be used until a local time, or the reason why there is none. Disposing of it gives nothing back.</summary>
internal sealed class QuotaLease(QuotaExchange? exchange, long expires, TimeSpan retryAfter = default, string? reason = null)
    : RateLimitLease
{
    public QuotaLease(TimeSpan retryAfter, string reason)
        : this(null, 0, retryAfter, reason)
    {
    }

    public override bool IsAcquired => exchange is not null;

    public override IEnumerable<string> MetadataNames
        => IsAcquired ? [PermitMetadata.TimeLeft.Name] : [MetadataName.RetryAfter.Name, MetadataName.ReasonPhrase.Name];

    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = !MetadataNames.Contains(metadataName) ? null
            : exchange is not null ? TimeSpan.FromTicks(expires - exchange.Now)
            : metadataName == MetadataName.RetryAfter.Name ? retryAfter
            : reason;
        return metadata is not null;
    }
}
