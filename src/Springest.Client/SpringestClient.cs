using System.Threading.RateLimiting;

namespace Springest.Client;

/// <summary>The Springest API of one site: one method per endpoint. Get one by <c>AddSpringestClient</c>; it is safe to share.</summary>
public sealed partial class SpringestClient
{
    /// <summary>Name of the site, as registered.</summary>
    public string Site => throw new NotImplementedException();

    /// <summary>
    /// The same client taking one permit per attempt (retries included) from the limiter of the key that the request uses.
    /// It waits by <see cref="RateLimiter.AcquireAsync"/>; a failed lease becomes a <see cref="SpringestException"/> with
    /// <see cref="SpringestException.RateLimited"/> and the lease's Retry-After, and nothing is sent.
    /// </summary>
    /// <param name="limiter">The limiter of a key; null for none.</param>
    /// <param name="serverSaysWait">
    /// Awaited whenever the server itself refuses for its rate limit (429, 503 with Retry-After, 403 that speaks of a rate limit),
    /// before the client goes on: the key, and the time to wait, null if the server did not say. Hold back the key's other
    /// permits here. It must not throw.
    /// </param>
    public SpringestClient WithRateLimiter(
        Func<SpringestKey, RateLimiter?> limiter, Func<SpringestKey, TimeSpan?, CancellationToken, ValueTask>? serverSaysWait = null)
        => throw new NotImplementedException();

    /// <summary>Trainings, <c>GET /trainings.json</c> (contract, section 8.1).</summary>
    public SpringestList<Training> ListTrainings(TrainingFilter? filter = null, ListOptions? options = null) => throw new NotImplementedException();

    /// <summary>One training, <c>GET /trainings/:id.json</c> (section 8.2).</summary>
    /// <exception cref="SpringestException">404 if there is no such training, or it is not published.</exception>
    public Task<Training> GetTrainingAsync(long id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Subjects, <c>GET /subjects.json</c> (section 8.6).</summary>
    public SpringestList<Subject> ListSubjects(long? categoryId = null, ListOptions? options = null) => throw new NotImplementedException();

    /// <summary>Verified certifications, <c>GET /certifications.json</c> (section 8.13).</summary>
    public SpringestList<Certification> ListCertifications(ListOptions? options = null) => throw new NotImplementedException();

    /// <summary>Verified certificates, <c>GET /users/certificates.json</c> (section 8.12).</summary>
    public SpringestList<Certificate> ListCertificates(CertificateFilter? filter = null, ListOptions? options = null) => throw new NotImplementedException();

    /// <summary>
    /// Submits a certificate, <c>POST /certificates.json</c> or the configured path (section 8.12), and gives its id; null if the
    /// API took it without saying one.
    /// </summary>
    public Task<long?> CreateCertificateAsync(CertificateUpload certificate, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>
    /// Any list of the API, record by record as received: <c>ListRaw("trainings", [new("full", "true")])</c> reads
    /// <c>GET /trainings.json?full=true</c>.
    /// </summary>
    public SpringestList<RawRecord> ListRaw(
        string path, IEnumerable<KeyValuePair<string, string>>? query = null, SpringestKey key = SpringestKey.General, ListOptions? options = null)
        => throw new NotImplementedException();

    /// <summary>Any single record as received, out of its envelope: <c>GetRawAsync("trainings/700123")</c>. Null if there is none (404).</summary>
    public Task<RawRecord?> GetRawAsync(string path, SpringestKey key = SpringestKey.General, CancellationToken cancellationToken = default)
        => throw new NotImplementedException();
}
