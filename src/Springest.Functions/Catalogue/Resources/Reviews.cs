namespace Springest.Functions.Catalogue.Resources;

/// <summary>Reviews (docs/springest-api.md, section 8.7). A single one can be found only among its institute's.</summary>
public static class Reviews
{
    public static ResourceDescription Description { get; } = new()
    {
        Name = nameof(Reviews),
        Path = "reviews",
        Parent = new("institutes", "InstituteId"),
        // A long list that cannot tell what changed.
        FullPassInterval = TimeSpan.FromDays(7),
        Fields = new HashSet<string> { "id", "rating", "description", "created_at", "author_name", "training_id", "institute_id" },
        PersonalFields = ["author_name", "description"],
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
