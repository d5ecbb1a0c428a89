namespace Springest.Functions.Catalogue;

/// <summary>Names of the mirror's tables and containers, without prefix. Each resource has a table of its own name.</summary>
public static class CatalogueStorage
{
    public const string Changes = nameof(Changes);
    public const string MirrorState = nameof(MirrorState);
    public const string MirrorPages = nameof(MirrorPages);
    public const string MirrorCommands = nameof(MirrorCommands);
    public const string MirrorPasses = nameof(MirrorPasses);
    public const string MirrorFields = nameof(MirrorFields);

    /// <summary>Container of the records that are too large for an entity.</summary>
    public const string RecordBlobs = "catalogue-records";

    /// <summary>Container of the snapshots.</summary>
    public const string Snapshots = "catalogue-exports";
}
