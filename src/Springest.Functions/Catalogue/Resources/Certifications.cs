using Springest.Client;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>Verified certifications (contract, section 8.13).</summary>
internal static class Certifications
{
    public static ResourceDescription Description { get; } = new()
    {
        Resource = CatalogueResource.Certifications,
        Table = Tables.Certifications,
        Path = "certifications",
        Key = SpringestKey.Certifications,
        CanLookUp = false,
        Fields = new HashSet<string> { "id", "name", "description", "requires_valid_until" },
        Columns =
        [
            Column.Text("Name", "name"),
            Column.Text("Description", "description"),
            Column.Flag("RequiresValidUntil", "requires_valid_until"),
        ],
    };
}
