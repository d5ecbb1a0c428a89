using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Springest.Simulator;
using Springest.Simulator.Behaviours;

namespace Springest.Client.Tests.Simulator;

public sealed class ControlTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private HttpClient _http = null!;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 20 }, Ended);
        _http = QuietHttp.To(new Uri(_simulator.Address, "_simulator/"));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Behaviour_is_changed_in_part_and_keeps_its_faults()
    {
        _simulator.Behaviour.Faults.Add(new Fault { Times = 0 });

        await SendAsync(HttpMethod.Patch, "behaviour", """{"rateLimit":{"limit":100,"kind":"Trailing"},"rejectPageSize":true}""");

        Assert.Equal(new RateLimit { Limit = 100, Kind = RateLimitKind.Trailing }, _simulator.Behaviour.RateLimit);
        Assert.True(_simulator.Behaviour.RejectPageSize);
        Assert.Equal(Latency.None, _simulator.Behaviour.Latency);
        Assert.Single(_simulator.Behaviour.Faults);
        var shown = await _http.GetFromJsonAsync<JsonObject>("behaviour", Ended);
        Assert.Equal("Trailing", (string)shown!["rateLimit"]!["kind"]!);
    }

    [Theory]
    [InlineData("PATCH", "behaviour", """{"colour":1}""", 400)]
    [InlineData("PATCH", "behaviour", """{"rateLimit":{"kind":"Sometimes"}}""", 400)]
    [InlineData("PATCH", "behaviour", "nonsense", 400)]
    [InlineData("PATCH", "behaviour", "null", 400)]
    [InlineData("GET", "catalogue/courses", null, 404)]
    [InlineData("GET", "catalogue/trainings/1", null, 404)]
    [InlineData("GET", "catalogue/trainings/x", null, 400)]
    [InlineData("GET", "requests?after=x", null, 400)]
    [InlineData("PUT", "catalogue/trainings/0", "{}", 400)]
    [InlineData("POST", "webhooks", "{}", 400)]
    [InlineData("POST", "webhooks", """{"target":"ftp://127.0.0.1/","changes":[]}""", 400)]
    [InlineData("POST", "webhooks", """{"target":"/here","changes":[]}""", 400)]
    [InlineData("GET", "nothing", null, 404)]
    public async Task Mistakes_get_a_sentence(string method, string path, string? body, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body);

        using var answer = await _http.SendAsync(request, Ended);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.EndsWith(".", (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(Ended))!["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_are_added_changed_hidden_and_removed()
    {
        var trainings = _simulator.Catalogue.Trainings;
        await SendAsync(HttpMethod.Put, "catalogue/trainings/5", """{"name":"Nieuw","modified":"2020-01-01","institute_id":1}""");
        Assert.Equal(5, trainings.Ids[0]);

        await SendAsync(HttpMethod.Patch, "catalogue/trainings/5", """{"name":"Anders"}""");
        Assert.Equal("Anders", (string)trainings.Get(5)!["name"]!);
        Assert.NotEqual("2020-01-01", (string)trainings.Get(5)!["modified"]!);

        await SendAsync(HttpMethod.Post, "catalogue/trainings/5/hide");
        Assert.Equal(20, trainings.Count);
        await SendAsync(HttpMethod.Post, "catalogue/trainings/5/show");
        Assert.Equal(21, trainings.Count);

        await SendAsync(HttpMethod.Delete, "catalogue/trainings/5");
        Assert.Null(trainings.Find(5));
        var counts = await _http.GetFromJsonAsync<JsonObject>("catalogue", Ended);
        Assert.Equal(20, (int)counts!["trainings"]!);
    }

    [Fact]
    public async Task What_was_received_is_shown()
    {
        using var api = new ApiCaller(_simulator);
        await api.PostAsync("users.json", new JsonObject { ["email"] = "a@example.test" });
        await api.PostAsync("certificates.json", CertificateTests.Form(_simulator));

        Assert.Equal("a@example.test", (string)(await _http.GetFromJsonAsync<JsonArray>("users", Ended))!.Single()!["email"]!);
        var certificate = (await _http.GetFromJsonAsync<JsonArray>("certificates", Ended))!.Single()!;
        Assert.Equal("diploma é.pdf", (string)certificate["fileName"]!);
        Assert.Empty((await _http.GetFromJsonAsync<JsonArray>("bookings", Ended))!);
        var requests = (await _http.GetFromJsonAsync<JsonObject>("requests?after=1", Ended))!;
        Assert.Equal((2, "/certificates.json"), ((int)requests["count"]!, (string)requests["requests"]!.AsArray().Single()!["path"]!));
    }

    [Fact]
    public async Task Faults_and_webhooks_are_ordered()
    {
        await using var receiver = await WebhookReceiver.StartAsync(500);
        using var api = new ApiCaller(_simulator);

        await SendAsync(HttpMethod.Post, "faults", """{"path":"/trainings","status":503,"times":1}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.StatusAsync("trainings.json"));
        await SendAsync(HttpMethod.Delete, "faults");
        Assert.Empty(_simulator.Behaviour.Faults);

        using var made = await SendAsync(HttpMethod.Post, "changes?seed=4&count=3");
        var changes = await made.Content.ReadFromJsonAsync<JsonArray>(Ended);
        var order = $$"""{"target":"{{receiver.Address}}","options":{"backoff":["00:00:00.001"]},"changes":{{changes!.ToJsonString()}} }""";
        using var sent = await SendAsync(HttpMethod.Post, "webhooks", order);
        var delivery = (await sent.Content.ReadFromJsonAsync<JsonArray>(Ended))!.Single()!;

        Assert.Equal([500, 200], delivery["tries"]!.AsArray().Select(one => (int)one!["status"]!));
        Assert.Equal(3, JsonNode.Parse(receiver.Received.Last().Body)!["changes"]!.AsArray().Count);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body);
        var answer = await _http.SendAsync(request, Ended);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ended));
        return answer;
    }
}
