using System.Net;
using Springest.Simulator;
using Springest.Simulator.Keys;

namespace Springest.Client.Tests.Simulator;

public sealed class KeysTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("trainings.json", "")]
    [InlineData("trainings.json", "?api_key=")]
    [InlineData("trainings.json", "?api_key=nobody")]
    [InlineData("nothing.json", "?api_key=nobody")]
    [InlineData("trainings.json", "?api_key=simulator-key&api_key=simulator-key")]
    public async Task Without_a_valid_key_everything_is_401(string path, string query)
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 1 }, Ended);
        using var http = QuietHttp.To(simulator.Address);

        using var answer = await http.GetAsync(path + query, Ended);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("""{"error":"Unauthorized"}""", await answer.Content.ReadAsStringAsync(Ended));
    }

    [Fact]
    public async Task Each_key_opens_its_own_part()
    {
        var options = new SimulatorOptions { Trainings = 1, CertificationsApiKey = "other" };
        await using var simulator = await SimulatorServer.StartAsync(options, Ended);
        using var general = new ApiCaller(simulator);
        using var certifications = new ApiCaller(simulator, "other");

        Assert.Equal(HttpStatusCode.OK, await general.StatusAsync("trainings.json"));
        Assert.Equal(HttpStatusCode.OK, await certifications.StatusAsync("certifications.json"));
        Assert.Equal(HttpStatusCode.OK, await certifications.StatusAsync("users/certificates.json"));
        Assert.Equal("Forbidden", (string)(await general.JsonAsync("certifications.json", HttpStatusCode.Forbidden))["error"]!);
        Assert.Equal(HttpStatusCode.Forbidden, await general.StatusAsync("users/certificates.json"));
        Assert.Equal(HttpStatusCode.Forbidden, await certifications.StatusAsync("trainings.json"));
        Assert.Equal(
            ["general", "certifications", "certifications", "general", "general", "certifications"],
            simulator.Requests.Snapshot().Select(request => request.Key));
    }

    [Fact]
    public async Task A_key_may_be_configured_for_some_certifications_only()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 1 }, Ended);
        using var general = new ApiCaller(simulator);
        using var narrow = new ApiCaller(simulator, "narrow");
        await general.PostAsync("certificates.json", CertificateTests.Form(simulator));
        var certification = simulator.Certificates.Snapshot().Single().CertificationId;
        var others = new HashSet<long> { certification + 1 };
        simulator.Keys.Add(new SimulatorKey("narrow", "narrow", Feature.Certificates) { Certifications = others });

        await narrow.PostAsync("certificates.json", CertificateTests.Form(simulator), HttpStatusCode.Forbidden);

        Assert.Empty((await narrow.JsonAsync("users/certificates.json"))["certificates"]!.AsArray());
        var listed = (await narrow.JsonAsync("certifications.json"))["certifications"]!.AsArray();
        Assert.Equal(others, listed.Select(one => (long)one!["id"]!).ToHashSet());
    }

    [Fact]
    public void Options_and_keys_do_not_print_what_they_hold()
    {
        var options = new SimulatorOptions { ApiKey = "canary", CertificationsApiKey = "canary" };
        var key = new SimulatorKey("general", "canary", Feature.All);

        Assert.DoesNotContain("canary", $"{options} {key}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_come_and_go_while_it_runs()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 1 }, Ended);
        using var api = new ApiCaller(simulator, "fresh");
        Assert.Equal(HttpStatusCode.Unauthorized, await api.StatusAsync("trainings.json"));

        simulator.Keys.Add(new SimulatorKey("mini", "fresh", Feature.Catalogue) { HiddenFields = SimulatorKey.MinipartnerHides });
        var training = (await api.JsonAsync("trainings.json?full=true"))["trainings"]![0]!.AsObject();
        simulator.Keys.Remove("fresh");

        Assert.Empty(SimulatorKey.MinipartnerHides.Intersect(training.Select(field => field.Key)));
        Assert.True(training.ContainsKey("starting_dateplaces"));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.StatusAsync("trainings.json"));
    }
}
