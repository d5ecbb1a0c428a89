using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Springest.Simulator;
using Springest.Simulator.Keys;

namespace Springest.Client.Tests.Simulator;

public sealed class BookingTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private ApiCaller _api = null!;
    private long _bookable;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 60 }, Ended);
        _api = new ApiCaller(_simulator);
        _bookable = Training(training => training["booking_url"] is not null && training["starting_dateplaces"]!.AsArray().Count > 0);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData(".json")]
    public async Task A_booking_gets_an_id_as_text_and_can_be_read(string extension)
    {
        var dateplace = (long)_simulator.Catalogue.Trainings.Get(_bookable)!["starting_dateplaces"]![0]!["id"]!;
        await _api.PostAsync("users.json", new JsonObject { ["email"] = "deelnemer@example.test", ["external_id"] = "E-1001" });

        var answer = await _api.PostAsync(
            $"trainings/{_bookable}/bookings{extension}", Booking(("starting_dateplace_id", dateplace), ("cost_center", "00420")));

        Assert.Equal("610001", answer["id"]!.GetValue<string>());
        var booking = (await _api.JsonAsync("bookings/610001.json"))["bookings"]![0]!;
        Assert.True(JsonNode.DeepEquals(booking, (await _api.JsonAsync("bookings.json"))["bookings"]![0]));
        Assert.Equal("610001", (string)booking["id"]!);
        Assert.Equal("requested", (string)booking["status"]!);
        Assert.Equal(_bookable, (long)booking["training"]!["id"]!);
        Assert.Equal(dateplace, (long)booking["starting_dateplace"]!["id"]!);
        Assert.Equal("E-1001", (string)booking["user"]!["external_id"]!);
        Assert.Equal("00420", (string)booking["cost_center"]!);
        Assert.Equal(
            ["id", "status", "participation_status", "created_at", "updated_at", "external_id", "training_id", "training", "institute_id",
                "starting_dateplace", "user", "price", "price_currency", "cost_center"],
            booking.AsObject().Select(field => field.Key));
        var conversion = (await _api.JsonAsync("conversions/610001.json"))["conversions"]![0]!;
        Assert.Equal("booking", (string)conversion["type"]!);
        Assert.Equal(dateplace, (long)conversion["starting_dateplace_id"]!);
    }

    [Fact]
    public async Task Bodies_may_be_xml_or_a_form()
    {
        var elements = Booking().Select(field => new XElement(field.Key.Replace('_', '-'), field.Value!.ToString()));
        using var xml = new StringContent($"""<?xml version="1.0" encoding="UTF-8"?>{new XElement("booking", elements)}""");
        using var form = new FormUrlEncodedContent(Booking().Select(field => KeyValuePair.Create(field.Key, field.Value!.ToString())));

        await _api.PostAsync($"trainings/{_bookable}/bookings.json", xml);
        await _api.PostAsync($"trainings/{_bookable}/bookings.json", form);
        await _api.PostAsync($"trainings/{_bookable}/bookings.json?first_name=Piet", Booking(("first_name", null)));

        Assert.Equal(["Noor", "Noor", "Piet"], _simulator.Bookings.Snapshot().Select(booking => booking.Fields["first_name"]));
        using var answer = await _api.SendAsync(HttpMethod.Post, $"trainings/{_bookable}/bookings.xml", ApiCaller.Json(Booking()));
        Assert.Contains("<id>610004</id>", await answer.Content.ReadAsStringAsync(Ended), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_and_wrong_fields_are_named()
    {
        _simulator.Behaviour.RequiredBookingFields = ["cost_center"];

        var answer = await _api.PostAsync(
            $"trainings/{_bookable}/bookings.json",
            Booking(("last_name", null), ("email", "nobody"), ("birthdate", "5 april"), ("starting_dateplace_id", 1)),
            HttpStatusCode.BadRequest);

        Assert.Equal(
            [
                "last_name: is required", "cost_center: is required", "email: should be an email address", "birthdate: should be a date",
                "starting_dateplace_id: does not exist",
            ],
            ApiCaller.Faults(answer));
        Assert.Equal(0, _simulator.Bookings.Count);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1,")]
    [InlineData("<booking>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":{\"b\":1,\"b\":2}}")]
    [InlineData("{\"starting_dateplace_id\":{\"id\":[1]},\"email\":[\"a@example.test\"]}")]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("deep")]
    public async Task A_body_that_cannot_be_read_is_400(string body)
    {
        if (body == "deep")
            body = string.Concat(Enumerable.Repeat("<a>", 100_000)) + string.Concat(Enumerable.Repeat("</a>", 100_000));
        using var content = new StringContent(body);
        await _api.PostAsync($"trainings/{_bookable}/bookings.json", content, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_training_that_cannot_be_booked_says_so()
    {
        var training = Training(training => training["booking_url"] is null);

        var answer = await _api.PostAsync($"trainings/{training}/bookings.json", Booking(), HttpStatusCode.BadRequest);

        Assert.Equal("""{"conversion_type":"not allowed"}""", answer["error"]!.ToJsonString());
        await _api.PostAsync("trainings/1/bookings.json", Booking(), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Bookings_are_found_by_day_status_and_person()
    {
        await _api.PostAsync($"trainings/{_bookable}/bookings.json", Booking());
        await _api.PostAsync($"trainings/{_bookable}/bookings.json", Booking());
        _simulator.Bookings.Update(610002, booking =>
            booking with { Status = "confirmed", ParticipationStatus = "did not pass", Created = booking.Created.AddDays(-3) });
        var today = await DayAsync(610001);
        var before = await DayAsync(610002);

        Assert.Equal("610001", await FoundAsync($"created_at={today}"));
        Assert.Equal("610002", await FoundAsync($"created_at={before}"));
        Assert.Equal("610001,610002", await FoundAsync($"updated_at={today}"));
        Assert.Equal("610002", await FoundAsync("status=confirmed"));
        Assert.Equal("610002", await FoundAsync("participation_status=did%20not%20pass"));
        Assert.Equal("", await FoundAsync("external_id=E-1"));
        _simulator.Behaviour.BookingDatesMeanSince = true;
        Assert.Equal("610001,610002", await FoundAsync($"created_at={before}"));
        await _api.JsonAsync("bookings.json?status=lost", HttpStatusCode.BadRequest);
        await _api.JsonAsync("bookings.json?created_at=today", HttpStatusCode.BadRequest);
        await _api.JsonAsync("bookings/1.json", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Only_the_key_that_booked_may_cancel()
    {
        _simulator.Keys.Add(new SimulatorKey("other", "other-key", Feature.All));
        using var other = new ApiCaller(_simulator, "other-key");
        await _api.PostAsync($"trainings/{_bookable}/bookings.json", Booking());
        var path = $"trainings/{_bookable}/bookings/610001/cancel.json";

        await other.PostAsync(path, content: null, HttpStatusCode.NotFound);
        await _api.PostAsync("trainings/1/bookings/610001/cancel.json", content: null, HttpStatusCode.NotFound);
        await _api.PostAsync($"trainings/{_bookable}/bookings/5/cancel.json", content: null, HttpStatusCode.NotFound);
        Assert.Equal("610001", (string)(await _api.PostAsync(path, content: null))["id"]!);

        Assert.Equal("cancelled", _simulator.Bookings.Find(610001)!.Status);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(404)]
    [InlineData(400)]
    public async Task Cancelling_twice_answers_as_set(int status)
    {
        (_simulator.Behaviour.CancelTwiceStatus, _simulator.Behaviour.CancelBody) = (status, false);
        await _api.PostAsync($"trainings/{_bookable}/bookings.json", Booking());
        var path = $"trainings/{_bookable}/bookings/610001/cancel.xml";

        using var first = await _api.SendAsync(HttpMethod.Post, path);
        using var second = await _api.SendAsync(HttpMethod.Post, path);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Empty(await first.Content.ReadAsStringAsync(Ended));
        Assert.Equal(status, (int)second.StatusCode);
    }

    [Fact]
    public async Task Conversions_are_filtered_and_can_be_switched_off()
    {
        await _api.PostAsync($"trainings/{_bookable}/bookings.json", Booking());
        var institute = _simulator.Catalogue.Trainings.Find(_bookable)!.InstituteId;

        Assert.Equal(1, await ConversionsAsync($"institute_id={institute}&type=booking&training_id={_bookable}&created_from=2020-01-01"));
        Assert.Equal(0, await ConversionsAsync("type=information_request"));
        Assert.Equal(0, await ConversionsAsync("created_from=2100-01-01"));
        Assert.Equal(0, await ConversionsAsync("training_id=1"));
        _simulator.Behaviour.Conversions = false;
        await _api.JsonAsync("conversions.json", HttpStatusCode.NotFound);
        await _api.JsonAsync("conversions/610001.json", HttpStatusCode.NotFound);
    }

    private static JsonObject Booking(params (string Name, JsonNode? Value)[] changes)
    {
        var booking = new JsonObject
        {
            ["first_name"] = "Noor",
            ["last_name"] = "Voorbeeld",
            ["email"] = "deelnemer@example.test",
            ["phone_number"] = "0300000000",
            ["birthdate"] = "1990-04-05",
            ["birthplace"] = "Gouda",
            ["company_name"] = "Proef BV",
            ["address"] = "Dorpsstraat",
            ["house_number"] = "12b",
            ["zip_code"] = "1234 AB",
            ["city"] = "Utrecht",
        };
        foreach (var (name, value) in changes)
        {
            booking.Remove(name);
            if (value is not null)
                booking[name] = value;
        }

        return booking;
    }

    private long Training(Func<JsonObject, bool> wanted)
        => _simulator.Catalogue.Trainings.Snapshot().First(record => wanted(record.ToObject())).Id;

    private async Task<string> DayAsync(long id)
        => ((string)(await _api.JsonAsync($"bookings/{id}.json"))["bookings"]![0]!["created_at"]!)[..10];

    private async Task<string> FoundAsync(string query)
    {
        var page = await _api.JsonAsync($"bookings.json?{query}");
        return string.Join(',', page["bookings"]!.AsArray().Select(booking => (string)booking!["id"]!));
    }

    private async Task<int> ConversionsAsync(string query) => (int)(await _api.JsonAsync($"conversions.json?{query}"))["meta"]!["results"]!;
}
