namespace Springest.Functions.Storage;

/// <summary>Names of the blob containers, without prefix. All are made on start. Those of the certificates have a setting of their own.</summary>
public static class Containers
{
    public const string WebhookBodies = "webhook-bodies";

    /// <summary>Records too large for an entity.</summary>
    public const string CatalogueRecords = "catalogue-records";

    /// <summary>A snapshot after each full pass.</summary>
    public const string CatalogueExports = "catalogue-exports";

    public static readonly IReadOnlyList<string> All = [WebhookBodies, CatalogueRecords, CatalogueExports];
}
