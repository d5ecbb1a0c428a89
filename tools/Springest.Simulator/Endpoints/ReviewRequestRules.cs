using System.Text.Json.Nodes;
using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>
/// What a review request must be like; faults are told in Dutch, as on the Dutch host (docs/springest-api.md, sections 6 and 8.8).
/// </summary>
internal sealed record ReviewRequestRules(Record? Training, IReadOnlyList<string> Faults)
{
    private const string Missing = "ontbreekt";
    private const string Invalid = "is ongeldig";

    public static ReviewRequestRules Check(JsonObject request, Catalogue catalogue)
    {
        var fields = new FieldRules(request);
        var faults = new List<string>();
        foreach (var name in (string[])["email", "first_name", "last_name"])
        {
            if (fields.Optional(name) is null)
                Add(name, Missing);
        }

        if (fields.Optional("email") is not null && fields.OptionalEmail("email") is null)
            Add("email", Invalid);
        if (fields.Optional("rating") is { } rating && (!int.TryParse(rating, out var stars) || stars is < 1 or > 10))
            Add("rating", Invalid);
        if (fields.Optional("training_completed_at") is not null && fields.OptionalDate("training_completed_at") is null)
            Add("training_completed_at", Invalid);
        if (fields.Optional("review_trainer") is not null && fields.OptionalEmail("review_trainer") is null)
            Add("review_trainer", Invalid);
        var field = fields.Optional("training_id") is null && fields.Optional("external_id") is not null ? "external_id" : "training_id";
        var training = Find(fields, catalogue);
        if (training is null)
            Add(field, fields.Optional(field) is null ? Missing : "is niet gepubliceerd");
        return new ReviewRequestRules(training, faults);

        void Add(string name, string fault) => faults.Add($"requests[{name}] {fault}");
    }

    private static Record? Find(FieldRules fields, Catalogue catalogue)
    {
        if (fields.OptionalId("training_id") is { } id)
            return catalogue.Trainings.Find(id) is { Visible: true } training ? training : null;
        return fields.Optional("training_id") is null && fields.Optional("external_id") is { } externalId
            ? catalogue.Trainings.Snapshot().FirstOrDefault(training => training.Facets.ExternalId == externalId)
            : null;
    }
}
