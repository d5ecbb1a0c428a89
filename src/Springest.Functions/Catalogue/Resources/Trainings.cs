using Microsoft.Azure.Functions.Worker;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>Trainings (docs/springest-api.md, sections 8.1 and 8.2).</summary>
public sealed class Trainings(CatalogueCrawler crawler) : IMirroredResource
{
    public static ResourceDescription Description { get; } = new()
    {
        Name = nameof(Trainings),
        Path = "trainings",
        Query = [new("full", "true")],
        ModifiedFrom = "modified_from",
        DeltaInterval = TimeSpan.FromMinutes(10),
        Fields = new HashSet<string>
        {
            "id", "status", "modified", "institute_id", "name", "short_name", "external_id", "bookings_email", "terms_and_conditions_url", "moments",
            "url", "information_request_url", "booking_url", "more_info_url", "training_type", "price", "price_currency", "original_price",
            "discount_percentage", "vat_rate", "vat_amount", "original_vat_amount", "base_price", "base_vat_amount", "vat_included", "additional_costs",
            "average_rating", "count", "reviews", "max_participants", "total_course_days", "time_unit", "duration", "duration_unit", "institute",
            "description", "regions", "levels", "methods", "associations", "subjects", "croho", "crebo", "soi", "starting_dateplaces", "search_score",
            "additional_costs[].name", "additional_costs[].amount", "additional_costs[].vat_amount", "additional_costs[].vat_included",
            "additional_costs[].mandatory", "institute.id", "institute.name", "institute.short_name", "institute.url", "institute.logo",
            "institute.provider_url", "regions[].id", "regions[].short", "regions[].long", "regions[].country", "regions[].order", "levels[].id",
            "levels[].name", "methods[].id", "methods[].name", "associations[].id", "associations[].name", "subjects[].id", "subjects[].category_id",
            "subjects[].name", "subjects[].short_name", "subjects[].category_short_name", "subjects[].url", "subjects[].count",
            "starting_dateplaces[].id", "starting_dateplaces[].place", "starting_dateplaces[].date", "starting_dateplaces[].end_date",
            "starting_dateplaces[].date_is_month_only", "starting_dateplaces[].end_date_is_month_only", "starting_dateplaces[].online",
            "starting_dateplaces[].minimum_number_of_seats", "starting_dateplaces[].maximum_number_of_seats",
            "starting_dateplaces[].available_number_of_seats", "starting_dateplaces[].guaranteed_start",
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
            .. Column.NumberAndText("Price", "price"),
            Column.Currency("Currency", "price_currency"),
            .. Column.NumberAndText("OriginalPrice", "original_price"),
            .. Column.NumberAndText("DiscountPercentage", "discount_percentage"),
            .. Column.NumberAndText("BasePrice", "base_price"),
            Column.Text("VatIncluded", "vat_included"),
            .. Column.NumberAndText("VatRate", "vat_rate"),
            .. Column.NumberAndText("VatAmount", "vat_amount"),
            Column.Count("AdditionalCosts", "additional_costs"),
            .. Column.NumberAndText("AverageRating", "average_rating"),
            Column.Whole("ReviewCount", "count", "reviews"),
            Column.Whole("MaxParticipants", "max_participants"),
            .. Column.NumberAndText("TotalCourseDays", "total_course_days"),
            .. Column.NumberAndText("Duration", "duration"),
            Column.Text("DurationUnit", "duration_unit"),
            Column.Text("Moments", "moments"),
            Column.Joined("Subjects", "subjects", "name"),
            Column.Joined("SubjectIds", "subjects", "id"),
            Column.Joined("Methods", "methods", "name"),
            Column.Joined("Levels", "levels", "name"),
            Column.Joined("Regions", "regions", "short"),
            Column.Joined("Associations", "associations", "name"),
            Column.Count("StartingDates", "starting_dateplaces"),
            Column.First("FirstStartingDate", "starting_dateplaces", "date"),
            Column.Last("LastStartingDate", "starting_dateplaces", "date"),
            Column.Text("Croho", "croho"),
            Column.Text("Crebo", "crebo"),
            Column.Text("Url", "url"),
            Column.Text("BookingUrl", "booking_url"),
            Column.Text("MoreInfoUrl", "more_info_url"),
            Column.Time("Modified", "modified"),
        ],
    };

    [Function(nameof(CrawlTrainings))]
    public Task CrawlTrainings([TimerTrigger("%Springest:Mirror:Trainings:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => crawler.CrawlAsync(Description, cancellationToken);
}
