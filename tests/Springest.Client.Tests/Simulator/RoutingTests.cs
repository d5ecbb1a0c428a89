using System.Net;
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
}
