using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>A booking as it is read (docs/springest-api.md, section 8.16).</summary>
internal static class BookingShape
{
    public static void Write(Utf8JsonWriter writer, Booking booking, Call call)
    {
        var training = call.Catalogue.Trainings.Get(booking.TrainingId);
        var dateplace = training is not null && long.TryParse(booking.Field("starting_dateplace_id"), out var id)
            ? StartingDateplaceEndpoints.Find(training, id)
            : null;
        var externalId = ExternalId(call, booking);
        new JsonObject
        {
            ["id"] = $"{booking.Id}",
            ["status"] = booking.Status,
            ["participation_status"] = booking.ParticipationStatus,
            ["created_at"] = TimeStamp.Format(booking.Created),
            ["updated_at"] = TimeStamp.Format(booking.Updated),
            ["external_id"] = externalId,
            ["training_id"] = booking.TrainingId,
            ["training"] = new JsonObject { ["id"] = booking.TrainingId, ["name"] = training?["name"]?.DeepClone() },
            ["institute_id"] = training?["institute_id"]?.DeepClone(),
            ["starting_dateplace"] = dateplace is null ? null : Pick(dateplace, "id", "place", "date", "end_date"),
            ["user"] = new JsonObject
            {
                ["email"] = booking.Field("email"),
                ["first_name"] = booking.Field("first_name"),
                ["last_name"] = booking.Field("last_name"),
                ["external_id"] = externalId,
            },
            ["price"] = training?["price"]?.DeepClone(),
            ["price_currency"] = training?["price_currency"]?.DeepClone(),
            ["cost_center"] = booking.Field("cost_center"),
        }.WriteTo(writer);
    }

    /// <summary>The participant's id as the organisation counts, if a user of that address was posted.</summary>
    public static string? ExternalId(Call call, Booking booking)
        => booking.Field("email") is { } email && call.Simulator.Users.Find("email", email) is { } user
            ? UserDirectory.Text(user, "external_id")
            : null;

    private static JsonObject Pick(JsonObject record, params string[] fields)
        => new(fields.Select(field => KeyValuePair.Create(field, record[field]?.DeepClone())));
}
