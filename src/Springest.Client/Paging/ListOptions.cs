namespace Springest.Client;

/// <summary>How a list is fetched (docs/springest-api.md, section 4.1).</summary>
public sealed record ListOptions
{
    /// <summary>Where to begin, counted in items. 0 or more.</summary>
    public int Offset { get; init; }

    /// <summary>Items asked for per request, 1 to 30.</summary>
    public int PageSize { get; init; } = 30;

    /// <summary>Pages fetched at the same time; they are handed out in order all the same. 1 or more.</summary>
    public int Prefetch { get; init; } = 1;

    /// <summary>
    /// True to ask also while the list is left alone because requests for it failed (<see cref="SpringestSiteOptions.BreakDuration"/>). How
    /// these requests end does not count there: they are for finding out what makes the others fail.
    /// </summary>
    public bool DespiteFailures { get; init; }

    /// <summary>
    /// Once this is cancelled, the list ends with the pages that are under way. No further page is asked for, but for the missing part of a
    /// page that came short before one of those.
    /// </summary>
    public CancellationToken Stop { get; init; }
}
