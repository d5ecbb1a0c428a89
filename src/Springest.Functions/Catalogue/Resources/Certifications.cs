using Springest.Client;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>Verified certifications (docs/springest-api.md, section 8.13).</summary>
public static class Certifications
{
    public static ResourceDescription Description { get; } = new()
    {
        Name = nameof(Certifications),
        Path = "certifications",
        Key = SpringestKey.Certifications,
        CanLookUp = false,
        FullPassInterval = TimeSpan.FromHours(1),
        Fields = new HashSet<string> { "id", "name", "description", "requires_valid_until" },
        Columns =
        [
            Column.Text("Name", "name"),
            Column.Text("Description", "description"),
            Column.Flag("RequiresValidUntil", "requires_valid_until"),
        ],
    };
}
