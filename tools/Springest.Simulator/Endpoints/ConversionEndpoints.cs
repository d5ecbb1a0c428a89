using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>
/// <c>GET /conversions</c> and <c>GET /conversions/:id</c>: what bookings were made (docs/springest-api.md, section 8.9).
/// </summary>
internal static class ConversionEndpoints
{
    public static Reply List(Call call)
    {
        if (!call.Behaviour.Conversions)
            return Reply.NotFound();
        var from = call.From("created_from");
        var type = call.Word("type", "booking", "information_request");
        var (trainings, institutes) = (call.Ids("training_id"), call.Ids("institute_id"));
        var found = call.Simulator.Bookings.Snapshot().Where(booking =>
            type is null or "booking"
            && (from is null || TimeStamp.LocalDay(booking.Created) >= from)
            && (trainings is null || trainings.Contains(booking.TrainingId))
            && (institutes is null || (InstituteId(call, booking) is { } institute && institutes.Contains(institute))));
        return ListReply.Page(call, "conversions", [.. found], (writer, booking) => Write(writer, booking, call));
    }

    public static Reply Show(Call call)
        => call.Behaviour.Conversions && call.Id() is { } id && call.Simulator.Bookings.Find(id) is { } booking
            ? ListReply.Single(call, "conversions", booking, (writer, one) => Write(writer, one, call))
            : Reply.NotFound();

    private static long? InstituteId(Call call, Booking booking) => call.Catalogue.Trainings.Find(booking.TrainingId)?.InstituteId;

    private static void Write(Utf8JsonWriter writer, Booking booking, Call call)
        => new JsonObject
        {
            ["id"] = $"{booking.Id}",
            ["type"] = "booking",
            ["status"] = booking.Status,
            ["created_at"] = TimeStamp.Format(booking.Created),
            ["updated_at"] = TimeStamp.Format(booking.Updated),
            ["training_id"] = booking.TrainingId,
            ["institute_id"] = InstituteId(call, booking),
            ["starting_dateplace_id"] = long.TryParse(booking.Field("starting_dateplace_id"), out var dateplace) ? dateplace : null,
            ["message"] = booking.Field("message"),
            ["first_name"] = booking.Field("first_name"),
            ["last_name"] = booking.Field("last_name"),
            ["email"] = booking.Field("email"),
            ["phone_number"] = booking.Field("phone_number"),
            ["company_name"] = booking.Field("company_name"),
        }.WriteTo(writer);
}
