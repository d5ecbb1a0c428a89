using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Springest.Simulator;

namespace Springest.Client.Tests.Simulator;

public sealed class RoutingTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private ApiCaller _api = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 3 }, TestContext.Current.CancellationToken);
        _api = new ApiCaller(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("trainings.html")]
    [InlineData("trainings.jsonp")]
    [InlineData("trainings.json.json")]
    [InlineData("nothing.json")]
    [InlineData("trainings/abc.json")]
    [InlineData("trainings/99999999999999999999.json")]
    [InlineData("trainings/1/nothing.json")]
    [InlineData("")]
    public async Task Unknown_paths_are_404(string path)
        => Assert.Equal("Not found", (string)(await _api.JsonAsync(path, HttpStatusCode.NotFound))["error"]!);

    [Fact]
    public async Task Without_extension_the_answer_is_json()
        => Assert.Equal(3, (int)(await _api.JsonAsync("trainings"))["meta"]!["results"]!);

    [Theory]
    [InlineData("DELETE", "trainings.json", "GET")]
    [InlineData("POST", "subjects.json", "GET")]
    [InlineData("GET", "certificates.json", "POST")]
    [InlineData("POST", "users/certificates", null)]
    public async Task Methods_that_a_path_does_not_know_are_405_with_those_it_knows(string method, string path, string? allow)
    {
        using var answer = await _api.SendAsync(new HttpMethod(method), path);

        Assert.Equal(allow is null ? HttpStatusCode.BadRequest : HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allow, answer.Content.Headers.Allow.SingleOrDefault());
    }

    [Theory]
    [InlineData("a=2&a[b]=1")]
    [InlineData("a[b]=1&a=2")]
    [InlineData("user[email]=x&user=y&user[name]=z")]
    public async Task Form_whose_field_is_a_value_and_an_object_is_400(string form)
    {
        using var body = new StringContent(form, MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded"));

        var answer = await _api.PostAsync("users.json", body, HttpStatusCode.BadRequest);

        Assert.Contains(ApiCaller.Faults(answer), fault => fault.EndsWith(": is both a value and an object", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("autocomplete/.jsonp?callback=f")]
    [InlineData("autocomplete/.json")]
    [InlineData("autocomplete/")]
    [InlineData("autocomplete.json")]
    public async Task No_term_has_no_suggestions(string path) => Assert.Equal(HttpStatusCode.NotFound, await _api.StatusAsync(path));

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Unknown_key_has_the_status_that_is_set(int status)
    {
        _simulator.Behaviour.UnknownKeyStatus = status;
        using var stranger = new ApiCaller(_simulator, "nobody's");
        using var keyless = new ApiCaller(_simulator, "");

        Assert.Equal(
            [(HttpStatusCode)status, (HttpStatusCode)status, HttpStatusCode.OK],
            [
                await stranger.StatusAsync("trainings.json"), await keyless.StatusAsync("trainings.json"),
                await _api.StatusAsync("trainings.json"),
            ]);
    }

    [Theory]
    [InlineData("male", "m", "f")]
    [InlineData("f", "male", "female")]
    [InlineData("m", "v", "man")]
    public async Task Words_for_a_gender_are_those_that_are_set(string taken, params string[] refused)
    {
        _simulator.Behaviour.Genders = [taken];

        await _api.PostAsync("users.json", User(taken));
        foreach (var word in refused)
        {
            var answer = await _api.PostAsync("users.json", User(word), HttpStatusCode.BadRequest);
            Assert.Equal(["gender: does not have a valid value"], ApiCaller.Faults(answer));
        }

        static JsonObject User(string gender)
            => new() { ["external_id"] = gender, ["email"] = $"{gender}@example.test", ["gender"] = gender };
    }
}
