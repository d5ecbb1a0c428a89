using System.Net;
using System.Text.Json.Nodes;
using Springest.Simulator;
using Springest.Simulator.Behaviours;

namespace Springest.Client.Tests.Simulator;

public sealed class UserTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private ApiCaller _api = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 1 }, TestContext.Current.CancellationToken);
        _api = new ApiCaller(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"users":[{"email":"a@example.test"}]}""")]
    [InlineData("""{"users":{"email":"a@example.test"}}""")]
    [InlineData("""{"email":"a@example.test"}""")]
    [InlineData("""[{"email":"a@example.test"}]""")]
    [InlineData("""<?xml version="1.0"?><users type="array"><user><email>a@example.test</email></user></users>""")]
    [InlineData("""<users><user><email>a@example.test</email></user></users>""")]
    [InlineData("""<user><email>a@example.test</email></user>""")]
    [InlineData("email=a%40example.test")]
    public async Task A_user_comes_in_a_wrapper_a_list_or_alone(string body)
    {
        using var content = new StringContent(body);
        var answer = await _api.PostAsync("users.json", content);

        Assert.Equal("""{"id":"990011"}""", answer.ToJsonString());
        Assert.Equal("a@example.test", (string)_simulator.Users.Snapshot().Single()["email"]!);
    }

    [Fact]
    public async Task What_is_sent_overwrites_even_when_empty_and_the_rest_stays()
    {
        await PostAsync("""{"external_id":"E-1","email":"a@example.test","first_name":"Noor","city":"Utrecht","gender":"female"}""");

        var answer = await PostAsync("""{"external_id":"E-1","first_name":"","phone_number":null,"active":"false"}""");

        Assert.Equal("990011", (string)answer["id"]!);
        var user = Assert.Single(_simulator.Users.Snapshot());
        Assert.Equal(["", "Utrecht", "f"], ((string[])["first_name", "city", "gender"]).Select(field => (string)user[field]!));
        Assert.False((bool)user["active"]!);
        Assert.True(user.ContainsKey("phone_number") && user["phone_number"] is null);
    }

    [Fact]
    public async Task The_external_id_wins_over_the_address()
    {
        await PostAsync("""{"external_id":"E-1","email":"a@example.test"}""");
        await PostAsync("""{"email":"b@example.test"}""");

        // E-1 is found by its id, and gets another address.
        await PostAsync("""{"external_id":"E-1","email":"A2@example.test"}""");
        // The second is found by its address, and gets an id.
        await PostAsync("""{"external_id":"E-2","email":"B@example.test"}""");
        // An address of somebody with another id is taken.
        var taken = await PostAsync("""{"external_id":"E-3","email":"b@example.test"}""", HttpStatusCode.BadRequest);

        Assert.Equal(["990011", "990012"], _simulator.Users.Snapshot().Select(user => user["id"]!.ToString()));
        Assert.Equal("A2@example.test", (string)_simulator.Users.Find("external_id", "E-1")!["email"]!);
        Assert.Equal("B@example.test", (string)_simulator.Users.Find("external_id", "E-2")!["email"]!);
        Assert.Equal("has already been taken", (string)taken["error"]!["email"]![0]!);
    }

    [Fact]
    public async Task Only_the_address_counts_when_so_set()
    {
        (_simulator.Behaviour.UserIdentity, _simulator.Behaviour.UserUpdateStatus) = (UserIdentity.EmailOnly, 200);
        await PostAsync("""{"external_id":"E-1","email":"a@example.test"}""");

        await PostAsync("""{"external_id":"E-1"}""", HttpStatusCode.BadRequest);
        await PostAsync("""{"external_id":"E-1","email":"b@example.test"}""");
        await PostAsync("""{"external_id":"E-9","email":"a@example.test"}""", HttpStatusCode.OK);

        Assert.Equal(["E-9", "E-1"], _simulator.Users.Snapshot().Select(user => (string)user["external_id"]!));
    }

    [Fact]
    public async Task Wrong_fields_are_named()
    {
        await PostAsync("""{"email":"gone@example.test","active":false}""");

        var answer = await PostAsync(
            """
            {"external_id":"E-1","gender":"x","birthdate":"1990-13-05","active":"perhaps","tags":"nieuw","employment_end_date":"soon",
             "approvers":[{"email":"onbekend@example.test","label":"Manager"},{"email":"gone@example.test","can_approve":7}]}
            """, HttpStatusCode.BadRequest);

        Assert.Equal(
            [
                "email: is required", "gender: does not have a valid value", "birthdate: should be a date",
                "employment_end_date: should be a date", "active: should be a boolean", "tags: should be a list",
                "approvers: onbekend@example.test does not exist", "approvers: gone@example.test does not exist",
                "approvers: label is required", "approvers: can_approve should be a boolean",
            ],
            ApiCaller.Faults(answer));
        Assert.Equal(1, _simulator.Users.Count);
    }

    [Fact]
    public async Task Of_several_users_all_or_none_are_taken()
    {
        await PostAsync("""{"users":[{"email":"a@example.test"},{"email":"nobody"}]}""", HttpStatusCode.BadRequest);
        Assert.Equal(0, _simulator.Users.Count);

        var answer = await PostAsync("""{"users":[{"email":"a@example.test"},{"email":"b@example.test"}]}""");
        Assert.Equal("""{"users":[{"id":"990011"},{"id":"990012"}]}""", answer.ToJsonString());
    }

    [Fact]
    public async Task One_new_user_is_made_however_many_ask_at_once()
    {
        const string body = """{"external_id":"E-1","email":"a@example.test"}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(body)));

        Assert.Equal("990011", Assert.Single(answers.Select(answer => (string)answer["id"]!).Distinct()));
    }

    [Fact]
    public async Task Certificates_may_need_a_user_who_was_posted()
    {
        _simulator.Behaviour.OnlyPostedUsers = true;
        await _api.PostAsync("certificates.json", CertificateTests.Form(_simulator), HttpStatusCode.BadRequest);
        await PostAsync("""{"external_id":"E-1001","email":"deelnemer@example.test"}""");
        await _api.PostAsync("certificates.json", CertificateTests.Form(_simulator));

        var certificate = (await _api.JsonAsync("users/certificates.json"))["certificates"]![0]!;
        Assert.Equal("E-1001", (string)certificate["user"]!["external_id"]!);
    }

    private Task<JsonObject> PostAsync(string body, HttpStatusCode expected = HttpStatusCode.Created)
        => _api.PostAsync("users.json", JsonNode.Parse(body)!, expected);
}
