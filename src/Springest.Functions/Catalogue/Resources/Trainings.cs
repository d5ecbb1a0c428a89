using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>Trainings (contract, sections 8.1 and 8.2).</summary>
internal static class Trainings
{
    public static ResourceDescription Description { get; } = new()
    {
        Resource = CatalogueResource.Trainings,
        Table = Tables.Trainings,
        Path = "trainings",
        Query = [new("full", "true")],
        ModifiedFrom = "modified_from",
        Fields = new HashSet<string>
        {
            "id", "status", "modified", "institute_id", "name", "short_name", "external_id", "bookings_email", "terms_and_conditions_url", "moments",
            "url", "information_request_url", "booking_url", "more_info_url", "training_type", "price", "price_currency", "original_price",
            "discount_percentage", "vat_rate", "vat_amount", "original_vat_amount", "base_price", "base_vat_amount", "vat_included", "additional_costs",
            "average_rating", "count", "reviews", "max_participants", "total_course_days", "time_unit", "duration", "duration_unit", "institute",
            "description", "regions", "levels", "methods", "associations", "subjects", "croho", "crebo", "soi", "starting_dateplaces", "search_score",
        },
        Columns =
        [
            Column.Text("Name", "name"),
            Column.Text("ShortName", "short_name"),
            Column.Text("Status", "status"),
            Column.Text("ExternalId", "external_id"),
            Column.Whole("InstituteId", "institute_id", "institute.id"),
            Column.Text("InstituteName", "institute.name"),
            Column.Text("TrainingType", "training_type"),
            Column.Number("Price", "price"),
            Column.Verbatim("PriceText", "price"),
            Column.Number("OriginalPrice", "original_price"),
            Column.Number("DiscountPercentage", "discount_percentage"),
            Column.Currency("Currency", "price_currency"),
            Column.Text("VatIncluded", "vat_included"),
            Column.Number("VatAmount", "vat_amount"),
            Column.Number("AverageRating", "average_rating"),
            Column.Whole("ReviewCount", "count", "reviews"),
            Column.Whole("MaxParticipants", "max_participants"),
            Column.Number("TotalCourseDays", "total_course_days"),
            Column.Number("Duration", "duration"),
            Column.Text("DurationUnit", "duration_unit"),
            Column.Joined("Subjects", "subjects", "name"),
            Column.Joined("SubjectIds", "subjects", "id"),
            Column.Joined("Methods", "methods", "name"),
            Column.Joined("Levels", "levels", "name"),
            Column.Joined("Regions", "regions", "short"),
            Column.Count("StartingDates", "starting_dateplaces"),
            Column.First("FirstStartingDate", "starting_dateplaces", "date"),
            Column.Text("Url", "url"),
            Column.Text("BookingUrl", "booking_url"),
            Column.Time("Modified", "modified"),
        ],
    };
}
