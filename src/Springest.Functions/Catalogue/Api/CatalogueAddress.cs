using System.Diagnostics.CodeAnalysis;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue.Api;

/// <summary>The part <c>{site}/{resource}</c> of an address.</summary>
internal static class CatalogueAddress
{
    /// <summary>What it names, or a sentence that says which part of it there is not.</summary>
    public static bool TryFind(
        SpringestClients clients, string site, string resource,
        [NotNullWhen(true)] out ResourceDescription? description, [NotNullWhen(false)] out string? problem)
    {
        description = MirroredResources.Find(resource);
        problem = clients.Unknown(site);
        if (problem is null && description is null)
            problem = $"There is no resource '{resource}'. There are: {string.Join(", ", MirroredResources.All.Select(each => each.Path))}.";
        return problem is null;
    }
}
