using System.Net;
using System.Text.Json.Nodes;
using Springest.Simulator;
using Springest.Simulator.Keys;

namespace Springest.Client.Tests.Simulator;

public sealed class StartingDateplaceTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private ApiCaller _api = null!;
    private long _training;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 30 }, TestContext.Current.CancellationToken);
        _api = new ApiCaller(_simulator);
        _training = _simulator.Catalogue.Trainings.Ids[4];
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task A_date_is_added_to_its_training_and_changed()
    {
        var added = await PostAsync(
            """{"date":"2024-06-04","end_date":"2024-06-05","place":"Gent","minimum_number_of_seats":4,"maximum_number_of_seats":"12"}""");
        var id = (long)added["id"]!;
        Assert.True(JsonNode.DeepEquals(added, JsonNode.Parse($$"""
            {
              "id": {{id}}, "training_id": {{_training}}, "date": "2024-06-04", "end_date": "2024-06-05", "place": "Gent", "online": false,
              "date_is_month_only": false, "end_date_is_month_only": false, "minimum_number_of_seats": 4, "maximum_number_of_seats": 12,
              "available_number_of_seats": null, "guaranteed_start": false
            }
            """)), added.ToJsonString());

        var changed = await PatchAsync(id, """{"available_number_of_seats":3,"guaranteed_start":true}""", HttpStatusCode.OK);

        Assert.Equal(3, (int)changed["available_number_of_seats"]!);
        Assert.Equal(12, (int)changed["maximum_number_of_seats"]!);
        Assert.True((bool)changed["guaranteed_start"]!);
        var dates = (await _api.JsonAsync($"trainings/{_training}.json"))["trainings"]![0]!["starting_dateplaces"]!.AsArray();
        Assert.Equal(3, (int)dates.Single(date => (long)date!["id"]! == id)!["available_number_of_seats"]!);
        Assert.True(_simulator.Catalogue.Trainings.Find(_training)!.Modified > new DateOnly(2025, 10, 1));
    }

    [Theory]
    [InlineData("{}", "date: is required", "end_date: is required", "place: is required")]
    [InlineData("""{"date":"2024-06-04","end_date":"2024-06-03","online":true}""", "end_date: is before date")]
    [InlineData(
        """{"date":"4 juni","end_date":"2024-06-03","place":"X","online":7}""",
        "date: should be a date", "online: should be a boolean")]
    [InlineData(
        """{"date":"2024-06-04","end_date":"2024-06-04","place":"X","minimum_number_of_seats":9,"maximum_number_of_seats":8}""",
        "maximum_number_of_seats: is less than the minimum")]
    [InlineData(
        """{"date":"2024-06-04","end_date":"2024-06-04","place":"X","available_number_of_seats":-1}""",
        "available_number_of_seats: should be an integer")]
    public async Task Faults_are_named(string body, params string[] faults)
        => Assert.Equal(faults, ApiCaller.Faults(await PostAsync(body, HttpStatusCode.BadRequest)));

    [Fact]
    public async Task An_online_date_needs_no_place()
        => Assert.Null((await PostAsync("""{"date":"2024-06-04","end_date":"2024-06-05","online":true}"""))["place"]);

    [Fact]
    public async Task Date_and_place_stay_unless_so_set()
    {
        var id = (long)(await PostAsync("""{"date":"2024-06-04","end_date":"2024-06-05","place":"Utrecht"}"""))["id"]!;

        var refused = await PatchAsync(id, """{"place":"Gent","date":"2024-07-01"}""", HttpStatusCode.BadRequest);
        _simulator.Behaviour.AllowDatePlacePatch = true;
        var changed = await PatchAsync(id, """{"place":"Gent"}""", HttpStatusCode.OK);

        Assert.Equal("""{"date":["cannot be changed"],"place":["cannot be changed"]}""", refused["error"]!.ToJsonString());
        Assert.Equal(("Gent", "2024-06-04"), ((string)changed["place"]!, (string)changed["date"]!));
    }

    [Fact]
    public async Task Dates_that_were_generated_can_be_changed_too()
    {
        var dates = _simulator.Catalogue.Trainings.Snapshot().SelectMany(record => record.ToObject()["starting_dateplaces"]!.AsArray());
        var id = (long)dates.Last()!["id"]!;

        Assert.Equal(id, (long)(await PatchAsync(id, """{"guaranteed_start":true}""", HttpStatusCode.OK))["id"]!);
    }

    [Fact]
    public async Task Only_the_own_institute_is_written_to()
    {
        var institute = _simulator.Catalogue.Trainings.Find(_training)!.InstituteId!.Value;
        _simulator.Keys.Add(new SimulatorKey("provider", "simulator-key", Feature.All) { InstituteId = institute });
        var id = (long)(await PostAsync("""{"date":"2024-06-04","end_date":"2024-06-05","online":true}"""))["id"]!;

        _simulator.Keys.Add(new SimulatorKey("provider", "simulator-key", Feature.All) { InstituteId = institute + 1 });

        await PostAsync("""{"date":"2024-06-04","end_date":"2024-06-05","online":true}""", HttpStatusCode.Forbidden);
        await PatchAsync(id, "{}", HttpStatusCode.Forbidden);
        await PatchAsync(5, "{}", HttpStatusCode.NotFound);
        await _api.PostAsync("trainings/5/starting_dateplaces.json", new JsonObject(), HttpStatusCode.NotFound);
    }

    private Task<JsonObject> PostAsync(string body, HttpStatusCode expected = HttpStatusCode.Created)
        => _api.PostAsync($"trainings/{_training}/starting_dateplaces.json", JsonNode.Parse(body)!, expected);

    private Task<JsonObject> PatchAsync(long id, string body, HttpStatusCode expected)
        => _api.PatchAsync($"starting_dateplaces/{id}.json", JsonNode.Parse(body)!, expected);
}
