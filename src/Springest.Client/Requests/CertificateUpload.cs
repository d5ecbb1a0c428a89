namespace Springest.Client;

/// <summary>A certificate to submit (docs/springest-api.md, section 8.12).</summary>
public sealed record CertificateUpload
{
    /// <summary>The certification that the certificate belongs to.</summary>
    public required long CertificationId { get; init; }

    /// <summary>E-mail address of the person who earned it.</summary>
    public required string Email { get; init; }

    /// <summary>First day of validity.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day of validity; required by certifications whose <c>requires_valid_until</c> is true.</summary>
    public DateOnly? ValidUntil { get; init; }

    /// <summary>The booking that it belongs to, if any.</summary>
    public long? BookingId { get; init; }

    /// <summary>Name of the file, as the receiver should see it.</summary>
    public required string FileName { get; init; }

    /// <summary>
    /// The file's bytes, read once from the current position. Not disposed. If reading them fails, the upload is broken off. An
    /// <see cref="IOException"/> or <see cref="InvalidOperationException"/> of the stream then counts as no answer
    /// (<see cref="WriteOutcome.Unknown"/>); any other exception comes through.
    /// </summary>
    public required Stream Content { get; init; }

    /// <summary>
    /// Has the content at hand, if it is not. It is called when circuit breaker and rate limiter would let the request through, before
    /// anything of it is sent, and once more for each further attempt. What it throws comes through.
    /// </summary>
    public Func<CancellationToken, Task>? Prepare { get; init; }

    /// <summary>
    /// What is to be done at the last moment before it is sent, with the rate limiter's permit in hand; again if the permit is too old by
    /// then (<see cref="PermitMetadata.TimeLeft"/>) and another one is taken. What it throws comes through.
    /// </summary>
    public Func<CancellationToken, Task>? Begin { get; init; }

    /// <summary>Media type of the file.</summary>
    public string ContentType { get; init; } = "application/pdf";
}
