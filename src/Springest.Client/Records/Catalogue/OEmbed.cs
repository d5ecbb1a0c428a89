namespace Springest.Client;

/// <summary>An oEmbed answer, version 1.0 (docs/springest-api.md, section 8.18; https://oembed.com).</summary>
public sealed record OEmbed : SpringestRecord
{
    /// <summary>Kind: <c>rich</c>, <c>video</c>, <c>photo</c> or <c>link</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Version of oEmbed.</summary>
    public string? Version { get; init; }

    /// <summary>Title.</summary>
    public string? Title { get; init; }

    /// <summary>Name of the author.</summary>
    public string? AuthorName { get; init; }

    /// <summary>Page of the author.</summary>
    public string? AuthorUrl { get; init; }

    /// <summary>Name of the site.</summary>
    public string? ProviderName { get; init; }

    /// <summary>Address of the site.</summary>
    public string? ProviderUrl { get; init; }

    /// <summary>Seconds for which the answer may be kept.</summary>
    public long? CacheAge { get; init; }

    /// <summary>HTML to embed. It is the server's: do not trust it further than the site.</summary>
    public string? Html { get; init; }

    /// <summary>Width in pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public int? Height { get; init; }
}
