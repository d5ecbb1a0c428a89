namespace Springest.Simulator.Webhooks;

/// <summary>How webhooks are sent (docs/springest-api.md, section 9.1).</summary>
public sealed record WebhookOptions
{
    /// <summary>How long the receiver has to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pauses before the second and each further try; a try failed if no 2xx came in time. Empty: one try.</summary>
    public IReadOnlyList<TimeSpan> Backoff { get; init; } = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];

    /// <summary>A body for each change instead of one for all: the updates were not bundled (docs/springest-api.md, section 10).</summary>
    public bool OneByOne { get; init; }

    /// <summary>Content type of the bodies.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>Beginning of the <c>url</c> values.</summary>
    public string UrlBase { get; init; } = "http://api.springest.nl";
}
