namespace Springest.Client;

/// <summary>Which certificates to list (docs/springest-api.md, section 8.12). Everything that is set must hold.</summary>
public sealed record CertificateFilter
{
    /// <summary>Certificates of the person with this e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Certificates of this certification.</summary>
    public long? CertificationId { get; init; }

    /// <summary>Certificates submitted on or after this day.</summary>
    public DateOnly? CreatedFrom { get; init; }
}
