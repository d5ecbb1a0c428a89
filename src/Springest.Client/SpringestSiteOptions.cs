using System.ComponentModel.DataAnnotations;

namespace Springest.Client;

/// <summary>
/// One API host and the key for it (contract, sections 1 and 2). Bound from <c>Springest:Sites:{site}</c>; the name of the
/// options is the name of the site.
/// </summary>
public sealed class SpringestSiteOptions
{
    /// <summary>The host, such as <c>https://api.springest.nl</c>. Known for the sites nl, uk, be, de and com.</summary>
    public Uri? Host { get; set; }

    /// <summary>The site's key. Never written anywhere.</summary>
    [Required]
    public string ApiKey { get; set; } = "";

    /// <summary>The key for certifications and certificates, where it differs from <see cref="ApiKey"/> (contract, section 2).</summary>
    public string? CertificationsApiKey { get; set; }

    /// <summary>Where certificates are posted: <c>/certificates</c> or <c>/users/certificates</c> (contract, section 10).</summary>
    public string CertificatesPath { get; set; } = "/certificates";

    /// <summary>The certificate's booking reference: <c>booking_id</c> or <c>conversion_id</c> (contract, section 10).</summary>
    public string CertificateBookingField { get; set; } = "booking_id";
}
