using System.Diagnostics.CodeAnalysis;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue.Api;

/// <summary>The part <c>{site}/{resource}</c> of an address, whatever its case.</summary>
/// <param name="Site">As the settings call it.</param>
/// <param name="Resource">What it names.</param>
internal sealed record CatalogueAddress(string Site, ResourceDescription Resource)
{
    /// <summary>As the cursors of its list call it.</summary>
    public string Name => $"{Site}/{Resource.Path}";

    public string PassesName => $"{Name}/passes";

    /// <summary>What it names, or a sentence that says which part of it there is not.</summary>
    public static bool TryFind(
        SpringestClients clients, string site, string resource,
        [NotNullWhen(true)] out CatalogueAddress? address, [NotNullWhen(false)] out string? problem)
    {
        var (knownSite, knownResource) = (clients.Find(site), MirroredResources.Find(resource));
        problem =
            knownSite is null ? clients.Unknown(site)
            : knownResource is null
                ? $"There is no resource '{resource}'. There are: {string.Join(", ", MirroredResources.All.Select(each => each.Path))}."
            : null;
        address = problem is null ? new CatalogueAddress(knownSite!, knownResource!) : null;
        return problem is null;
    }
}
