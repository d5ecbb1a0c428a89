using System.Text.Json.Nodes;
using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>Bookings: create, list, show and cancel (docs/springest-api.md, sections 8.15 to 8.17).</summary>
internal static class BookingEndpoints
{
    private static readonly string[] Statuses =
    [
        "initialized", "requested", "transferred", "confirmed", "approved", "rejected", "accepted", "declined", "expired", "converted",
        "cancelled",
    ];

    private static readonly string[] ParticipationStatuses =
        ["enrolled", "started", "no-show", "completed", "did not pass", "cancelled", "unknown"];

    /// <summary><c>POST /trainings/:id/bookings</c></summary>
    public static async Task<Reply> CreateAsync(Call call)
    {
        var body = await call.BodyAsync();
        if (call.Id() is not { } id || call.Catalogue.Trainings.Find(id) is not { Visible: true } record)
            return Reply.NotFound();
        var training = record.ToObject();
        // A training without a page to book it cannot be booked here either.
        if (training["booking_url"] is null)
            return Reply.Error(400, new JsonObject { ["conversion_type"] = "not allowed" });
        var faults = BookingRules.Check(body, training, call.Behaviour);
        if (faults.Any)
            return call.Invalid(faults);
        var fields = body.Where(field => field.Value is not null).ToDictionary(field => field.Key, field => field.Value!.ToString());
        return Created(call.Simulator.Bookings.Add(id, call.Key.Name, fields));
    }

    /// <summary><c>GET /bookings</c></summary>
    public static Reply List(Call call)
    {
        var (created, updated) = (call.Date("created_at"), call.Date("updated_at"));
        var (status, participation) = (call.Word("status", Statuses), call.Word("participation_status", ParticipationStatuses));
        var externalId = call.Parameter("external_id");
        var found = call.Simulator.Bookings.Snapshot().Where(booking =>
            IsOn(call, booking.Created, created) && IsOn(call, booking.Updated, updated)
            && (status is null || booking.Status == status)
            && (participation is null || booking.ParticipationStatus == participation)
            && (externalId is null || BookingShape.ExternalId(call, booking) == externalId));
        return ListReply.Page(call, "bookings", [.. found], (writer, booking) => BookingShape.Write(writer, booking, call));
    }

    /// <summary><c>GET /bookings/:id</c></summary>
    public static Reply Show(Call call)
        => call.Id() is { } id && call.Simulator.Bookings.Find(id) is { } booking
            ? ListReply.Single(call, "bookings", booking, (writer, one) => BookingShape.Write(writer, one, call))
            : Reply.NotFound();

    /// <summary><c>POST /trainings/:training_id/bookings/:id/cancel</c></summary>
    public static Reply Cancel(Call call)
    {
        if (call.Id() is not { } id || call.Simulator.Bookings.Find(id) is not { } booking
            || booking.TrainingId != call.Id("training_id") || booking.Key != call.Key.Name)
            return Reply.NotFound();
        if (booking.Status == "cancelled" && call.Behaviour.CancelTwiceStatus == 404)
            return Reply.NotFound();
        if (booking.Status == "cancelled" && call.Behaviour.CancelTwiceStatus == 400)
            return Reply.Error(400, "The booking has been cancelled already");
        if (booking.Status != "cancelled")
            call.Simulator.Bookings.Update(id, one => one with { Status = "cancelled", ParticipationStatus = "cancelled" });
        return call.Behaviour.CancelBody ? Created(booking) : new Reply(201, default);
    }

    private static Reply Created(Booking booking) => Reply.Ok(new JsonObject { ["id"] = $"{booking.Id}" }, 201);

    private static bool IsOn(Call call, DateTimeOffset time, DateOnly? day)
    {
        var local = TimeStamp.LocalDay(time);
        return day is null || local == day || (call.Behaviour.BookingDatesMeanSince && local > day);
    }
}
