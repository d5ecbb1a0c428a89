using System.Diagnostics.CodeAnalysis;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>One resource of one site: what a pass reads, a lease is for, and changes and snapshots are of.</summary>
/// <param name="Site">As the settings call it.</param>
/// <param name="Resource">One of <see cref="MirroredResources"/>.</param>
public sealed record MirrorScope(string Site, ResourceDescription Resource)
{
    /// <summary>Its partition in the tables that all resources share: <c>nl:Trainings</c>.</summary>
    public string Partition => $"{Site}:{Resource.Name}";

    /// <summary>As addresses, cursors and blobs call it: <c>nl/trainings</c>.</summary>
    public string Path => $"{Site}/{Resource.Path}";

    /// <summary>As the cursors of its passes call it.</summary>
    public string PassesPath => $"{Path}/passes";

    /// <summary>What an address names, whatever its case, or a sentence that says which part of it there is not.</summary>
    internal static bool TryFind(
        SpringestClients clients, string site, string resource,
        [NotNullWhen(true)] out MirrorScope? scope, [NotNullWhen(false)] out string? problem)
    {
        var (knownSite, knownResource) = (clients.Find(site), MirroredResources.Find(resource));
        problem =
            knownSite is null ? clients.Unknown(site)
            : knownResource is null
                ? $"There is no resource '{resource}'. There are: {string.Join(", ", MirroredResources.All.Select(each => each.Path))}."
            : null;
        scope = problem is null ? new MirrorScope(knownSite!, knownResource!) : null;
        return problem is null;
    }
}
