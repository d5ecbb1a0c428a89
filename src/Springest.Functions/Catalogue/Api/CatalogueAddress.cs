using System.Diagnostics.CodeAnalysis;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue.Api;

/// <summary>The part <c>{site}/{resource}</c> of an address.</summary>
internal static class CatalogueAddress
{
    /// <summary>What it names, whatever its case, or a sentence that says which part of it there is not.</summary>
    public static bool TryFind(
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
