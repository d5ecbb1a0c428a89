using System.Net.Http.Headers;
using Springest.Client.Http;
using Springest.Client.Http.Bodies;
using Springest.Client.Json;

namespace Springest.Client;

public partial class SpringestClient
{
    /// <summary>
    /// Verified certifications, <c>GET /certifications.json</c> (docs/springest-api.md, section 8.13). Uses the certifications key.
    /// </summary>
    public virtual SpringestList<Certification> ListCertifications(ListOptions? options = null)
        => List(
            "certifications",
            SpringestJson.Default.Certification,
            certification => certification.Id,
            options,
            key: SpringestKey.Certifications);

    /// <summary>
    /// Verified certificates, <c>GET /users/certificates.json</c> (docs/springest-api.md, section 8.12). Uses the certifications key.
    /// </summary>
    public virtual SpringestList<Certificate> ListCertificates(CertificateFilter? filter = null, ListOptions? options = null)
        => List("users/certificates", SpringestJson.Default.Certificate, certificate => certificate.Id, options, new QueryString()
            .Add("email", filter?.Email)
            .Add("certification_id", filter?.CertificationId)
            .Add("created_from", filter?.CreatedFrom), SpringestKey.Certifications);

    /// <summary>
    /// Submits a certificate, <c>POST /certificates.json</c> or the configured path (docs/springest-api.md, section 8.12), and gives its
    /// id; null if the API took it without saying one. The file is streamed. Uses the certifications key.
    /// </summary>
    /// <exception cref="SpringestException">
    /// 400 with the faulty fields. It is sent once, unless it is certain that nothing reached the server; see
    /// <see cref="SpringestException.Outcome"/>.
    /// </exception>
    public virtual Task<long?> CreateCertificateAsync(CertificateUpload certificate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!MediaTypeHeaderValue.TryParse(certificate.ContentType, out _))
            throw new ArgumentException($"'{certificate.ContentType}' is no media type.", nameof(certificate));
        var options = Connection.Options;
        var request = new SpringestRequest(HttpMethod.Post, options.CertificatesPath.TrimStart('/'), SpringestKey.Certifications)
        {
            Content = () => new CertificateForm(certificate, options.CertificateBookingField),
            Prepare = certificate.Prepare,
            Begin = certificate.Begin,
        };
        return WriteAsync(request, ["certificate", "certificates"], FirstId, cancellationToken);
    }
}
