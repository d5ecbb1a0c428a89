namespace Springest.Client;

/// <summary>Which of a site's keys a request uses (docs/springest-api.md, section 2). Each key has a rate limit of its own.</summary>
public enum SpringestKey
{
    /// <summary><see cref="SpringestSiteOptions.ApiKey"/>.</summary>
    General,

    /// <summary><see cref="SpringestSiteOptions.CertificationsApiKey"/>, or the general key where that is not set.</summary>
    Certifications,
}
