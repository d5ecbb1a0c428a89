using System.Text.Json.Nodes;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>What a booking must be like (docs/springest-api.md, section 8.15).</summary>
internal static class BookingRules
{
    private static readonly string[] Required =
        ["first_name", "last_name", "phone_number", "birthplace", "company_name", "address", "house_number", "zip_code", "city"];

    public static FieldFaults Check(JsonObject body, JsonObject training, Behaviour behaviour)
    {
        var fields = new FieldRules(body);
        foreach (var name in Required.Concat(behaviour.RequiredBookingFields))
            fields.Required(name);
        fields.RequiredEmail("email");
        fields.RequiredDate("birthdate");
        if (fields.OptionalId("starting_dateplace_id") is { } id && StartingDateplaceEndpoints.Find(training, id) is null)
            fields.Faults.Add("starting_dateplace_id", "does not exist");
        return fields.Faults;
    }
}
