namespace Springest.Client;

/// <summary>
/// One API host, the key for it, and how it is used (docs/springest-api.md, sections 1, 2 and 10). Bound from
/// <c>Springest:Sites:{site}</c>; the name of the options is the name of the site.
/// </summary>
public sealed class SpringestSiteOptions
{
    /// <summary>
    /// The host, such as <c>https://api.springest.nl</c>; <c>http</c> for this machine only. Known for the sites nl, uk, be, de and com.
    /// </summary>
    public Uri? Host { get; set; }

    /// <summary>The site's key. Never written anywhere.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>
    /// The key for certifications and certificates, where it differs from <see cref="ApiKey"/> (docs/springest-api.md, section 2).
    /// </summary>
    public string? CertificationsApiKey { get; set; }

    /// <summary>
    /// Where certificates are posted: <c>/certificates</c> or <c>/users/certificates</c> (docs/springest-api.md, section 10).
    /// </summary>
    public string CertificatesPath { get; set; } = "/certificates";

    /// <summary>
    /// The certificate's booking reference: <c>booking_id</c> or <c>conversion_id</c> (docs/springest-api.md, section 10).
    /// </summary>
    public string CertificateBookingField { get; set; } = "booking_id";

    /// <summary>
    /// Where completions are read: <c>jsonp</c>, which is known to exist, or <c>json</c> (docs/springest-api.md, section 8.11).
    /// </summary>
    public string AutocompleteFormat { get; set; } = "jsonp";

    /// <summary>False to send a user without the wrapper <c>users</c> (docs/springest-api.md, section 10).</summary>
    public bool WrapUsers { get; set; } = true;

    /// <summary>
    /// True to send a user's gender as <c>male</c> and <c>female</c> for <c>m</c> and <c>f</c> (docs/springest-api.md, section 10).
    /// </summary>
    public bool LongGenders { get; set; }

    /// <summary>Format of the answers.</summary>
    public SpringestFormat Format { get; set; }

    /// <summary>
    /// Answers that say that a write was carried out (docs/springest-api.md, section 6): statuses 200 to 299 with commas between.
    /// <c>:id</c> behind one means that the answer must name what was written too. Any other answer of success leaves the outcome unknown.
    /// </summary>
    public string AcceptedStatuses { get; set; } = "201, 204, 200:id";

    /// <summary>
    /// Answers that say that there were too many requests (docs/springest-api.md, section 5): statuses with commas between. A text after a
    /// colon is one that the body must hold, and <c>Retry-After</c> the header. They are waited for, tried again, and told to the rate
    /// limiter.
    /// </summary>
    public string RateLimitStatuses { get; set; } =
        "429, 503:Retry-After, 503:rate limit, 503:too many requests, 403:rate limit, 403:too many requests";

    /// <summary>Longest time for one attempt, from connecting to the last byte of the answer. 1 second to 10 minutes.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Longest time for a call with all its attempts and the pauses between them. Waiting for the rate limiter does not count, nor do
    /// <see cref="CertificateUpload.Prepare"/> and <see cref="CertificateUpload.Begin"/>. At least <see cref="AttemptTimeout"/>, at most 1
    /// hour.
    /// </summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a call is tried again, 0 to 10.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>Pause before the first retry, growing from there, with jitter. 1 millisecond to 1 minute.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Longest Retry-After that the client itself waits for. Asked for more it gives up at once, and
    /// <see cref="SpringestException.RetryAfter"/> tells the caller. 0 to 10 minutes.
    /// </summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a list, or the writes of one kind, are left alone after half of at least 20 attempts within 30 seconds failed; such calls
    /// end at once meanwhile.
    /// Half a second to 10 minutes, or 0 for no circuit breaker.
    /// </summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Largest answer that is read, in bytes after decompression. 64 KiB to 256 MiB.</summary>
    public int MaxAnswerBytes { get; set; } = 4 * 1024 * 1024;

    internal string KeyFor(SpringestKey key)
        => key == SpringestKey.Certifications && !string.IsNullOrEmpty(CertificationsApiKey) ? CertificationsApiKey : ApiKey;
}
