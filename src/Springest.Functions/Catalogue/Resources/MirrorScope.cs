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
}
