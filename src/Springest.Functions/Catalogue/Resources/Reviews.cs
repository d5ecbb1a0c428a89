using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>Reviews (contract, section 8.7). A single one can be found only among its institute's.</summary>
internal static class Reviews
{
    public static ResourceDescription Description { get; } = new()
    {
        Resource = CatalogueResource.Reviews,
        Table = Tables.Reviews,
        Path = "reviews",
        Parent = new("institutes", "InstituteId"),
        Fields = new HashSet<string> { "id", "rating", "description", "created_at", "author_name", "training_id", "institute_id" },
        Columns =
        [
            .. Column.NumberAndText("Rating", "rating"),
            Column.Text("Description", "description"),
            Column.Text("AuthorName", "author_name"),
            Column.Whole("TrainingId", "training_id"),
            Column.Whole("InstituteId", "institute_id"),
            Column.Time("CreatedAt", "created_at"),
        ],
    };
}
