using System.Text.Json.Nodes;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>What a starting date and place must be like (docs/springest-api.md, section 8.3).</summary>
internal static class StartingDateplaceRules
{
    private static readonly string[] Seats = ["minimum_number_of_seats", "maximum_number_of_seats", "available_number_of_seats"];
    private static readonly string[] DateAndPlace = ["date", "end_date", "place", "online"];

    public static FieldFaults CheckNew(JsonObject body)
    {
        var fields = new FieldRules(body);
        var (date, end) = (fields.RequiredDate("date"), fields.RequiredDate("end_date"));
        if (end < date)
            fields.Faults.Add("end_date", "is before date");
        if (fields.OptionalFlag("online") != true)
            fields.Required("place");
        CheckSeats(fields);
        return fields.Faults;
    }

    public static FieldFaults CheckChange(JsonObject body, bool allowDateAndPlace)
    {
        var fields = new FieldRules(body);
        foreach (var name in DateAndPlace.Where(name => body.ContainsKey(name) && !allowDateAndPlace))
            fields.Faults.Add(name, "cannot be changed");
        if (allowDateAndPlace)
        {
            fields.OptionalDate("date");
            fields.OptionalDate("end_date");
            fields.OptionalFlag("online");
        }

        CheckSeats(fields);
        return fields.Faults;
    }

    public static JsonObject ToRecord(long id, JsonObject body)
    {
        var fields = new FieldRules(body);
        var record = new JsonObject
        {
            ["id"] = id,
            ["date"] = fields.Optional("date"),
            ["end_date"] = fields.Optional("end_date"),
            ["place"] = fields.Optional("place"),
            ["online"] = fields.OptionalFlag("online") ?? false,
            ["date_is_month_only"] = false,
            ["end_date_is_month_only"] = false,
        };
        foreach (var seats in Seats)
            record[seats] = fields.OptionalId(seats);
        record["guaranteed_start"] = fields.OptionalFlag("guaranteed_start") ?? false;
        return record;
    }

    /// <summary>Writes what was sent into the record, and gives the record.</summary>
    public static JsonObject Apply(JsonObject body, JsonObject record)
    {
        var fields = new FieldRules(body);
        foreach (var seats in Seats.Where(body.ContainsKey))
            record[seats] = fields.OptionalId(seats);
        foreach (var flag in (string[])["guaranteed_start", "online"])
        {
            if (fields.OptionalFlag(flag) is { } value)
                record[flag] = value;
        }

        foreach (var text in (string[])["date", "end_date", "place"])
        {
            if (fields.Optional(text) is { } value)
                record[text] = value;
        }

        return record;
    }

    private static void CheckSeats(FieldRules fields)
    {
        var (least, most) = (fields.OptionalId(Seats[0]), fields.OptionalId(Seats[1]));
        fields.OptionalId(Seats[2]);
        if (most < least)
            fields.Faults.Add(Seats[1], "is less than the minimum");
        fields.OptionalFlag("guaranteed_start");
    }
}
