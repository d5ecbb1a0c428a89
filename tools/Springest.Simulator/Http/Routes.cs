using Springest.Simulator.Endpoints;
using Springest.Simulator.Keys;

namespace Springest.Simulator.Http;

/// <summary>Every endpoint (docs/springest-api.md, section 8). Of two that fit a path the first is taken.</summary>
internal static class Routes
{
    public static readonly IReadOnlyList<Route> All =
    [
        new("GET", "trainings/list", Feature.Catalogue, TrainingEndpoints.List) { Legacy = true },
        new("GET", "trainings/search", Feature.Catalogue, TrainingEndpoints.List) { Legacy = true },
        new("GET", "trainings/show", Feature.Catalogue, LegacyEndpoints.Trainings) { Legacy = true },
        new("GET", "subjects/list", Feature.Catalogue, SubjectEndpoints.List) { Legacy = true },
        new("GET", "subjects/show", Feature.Catalogue, LegacyEndpoints.Subjects) { Legacy = true },
        new("GET", "categories/list", Feature.Catalogue, CategoryEndpoints.List) { Legacy = true },

        new("GET", "trainings", Feature.Catalogue, TrainingEndpoints.List),
        new("GET", "trainings/:id", Feature.Catalogue, TrainingEndpoints.Show),
        new("POST", "trainings/:id/starting_dateplaces", Feature.StartingDateplaces, StartingDateplaceEndpoints.CreateAsync),
        new("PATCH", "starting_dateplaces/:id", Feature.StartingDateplaces, StartingDateplaceEndpoints.UpdateAsync),
        new("GET", "institutes", Feature.Catalogue, InstituteEndpoints.List),
        new("GET", "institutes/:id", Feature.Catalogue, InstituteEndpoints.Show),
        new("GET", "categories", Feature.Catalogue, CategoryEndpoints.List),
        new("GET", "categories/:id", Feature.Catalogue, CategoryEndpoints.Show),
        new("GET", "subjects", Feature.Catalogue, SubjectEndpoints.List),
        new("GET", "subjects/:id", Feature.Catalogue, SubjectEndpoints.Show),
        new("GET", "institutes/:id/reviews", Feature.Catalogue, ReviewEndpoints.OfInstitute),
        new("GET", "trainings/:id/reviews", Feature.Catalogue, ReviewEndpoints.OfTraining),
        new("GET", "reviews", Feature.Catalogue, ReviewEndpoints.List),
        new("POST", "reviews/requests", Feature.ReviewRequests, ReviewRequestEndpoints.CreateAsync),
        new("GET", "conversions", Feature.Conversions, ConversionEndpoints.List),
        new("GET", "conversions/:id", Feature.Conversions, ConversionEndpoints.Show),
        new("GET", "springsense", Feature.Catalogue, LearnMatchEndpoints.List),
        new("GET", "autocomplete/:term", Feature.Autocomplete, AutocompleteEndpoints.Suggest),
        new("GET", "users/certificates", Feature.Certificates, CertificateEndpoints.List),
        new("POST", "users/certificates", Feature.Certificates, CertificateEndpoints.CreateAsync),
        new("POST", "certificates", Feature.Certificates, CertificateEndpoints.CreateAsync),
        new("GET", "certifications", Feature.Certificates, CertificationEndpoints.List),
        new("POST", "users", Feature.Users, UserEndpoints.WriteAsync),
        new("POST", "trainings/:id/bookings", Feature.Bookings, BookingEndpoints.CreateAsync),
        new("GET", "bookings", Feature.BookingsRead, BookingEndpoints.List),
        new("GET", "bookings/:id", Feature.BookingsRead, BookingEndpoints.Show),
        new("POST", "trainings/:training_id/bookings/:id/cancel", Feature.Bookings, BookingEndpoints.Cancel),
        new("GET", "oembed", Feature.Catalogue, OEmbedEndpoints.Show),
    ];
}
