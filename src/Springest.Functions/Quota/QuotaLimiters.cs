using System.Threading.RateLimiting;
using Springest.Client;

namespace Springest.Functions.Quota;

/// <summary>The limiters of all sites and keys.</summary>
public sealed class QuotaLimiters
{
    public RateLimiter For(string site, SpringestKey key, QuotaClass priority) => throw new NotImplementedException();
}
