namespace Springest.Client;

/// <summary>
/// Which of a site's keys a request uses (docs/springest-api.md, section 2). The client asks for a rate limiter for each key; whether
/// Springest counts requests per key is not documented (docs/springest-api.md, section 5).
/// </summary>
public enum SpringestKey
{
    /// <summary><see cref="SpringestSiteOptions.ApiKey"/>.</summary>
    General,

    /// <summary><see cref="SpringestSiteOptions.CertificationsApiKey"/>, or the general key where that is not set.</summary>
    Certifications,
}
