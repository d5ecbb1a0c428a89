using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Recording;

namespace Springest.Client.Tests.Simulator;

public sealed class FaultTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private ApiCaller _api = null!;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 30 }, Ended);
        _api = new ApiCaller(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task The_next_two_requests_of_a_route_fail()
    {
        var headers = new Dictionary<string, string> { ["Retry-After"] = "7" };
        _simulator.Behaviour.Faults.Add(new Fault { Path = "/trainings", Status = 503, Times = 2, Headers = headers });

        Assert.Equal(HttpStatusCode.OK, await _api.StatusAsync("subjects.json"));
        using var first = await _api.GetAsync("trainings.json");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), first.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await _api.StatusAsync("trainings.xml"));
        Assert.Equal(HttpStatusCode.OK, await _api.StatusAsync("trainings.json"));
    }

    [Fact]
    public async Task The_usual_error_body_comes_with_a_status()
    {
        _simulator.Behaviour.Faults.Add(new Fault());

        var answer = await _api.JsonAsync("trainings.json", HttpStatusCode.InternalServerError);

        Assert.Equal("Internal server error", (string)answer["error"]!);
    }

    [Fact]
    public async Task Any_body_can_be_sent()
    {
        _simulator.Behaviour.Faults.Add(new Fault { Status = 502, Body = "<html>Bad gateway</html>", ContentType = "text/html" });

        using var answer = await _api.GetAsync("trainings.json");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("<html>Bad gateway</html>", await answer.Content.ReadAsStringAsync(Ended));
    }

    [Theory]
    [InlineData(false, 0, RequestOutcome.Faulted)]
    [InlineData(true, 1, RequestOutcome.FaultedAfterHandling)]
    public async Task A_closed_connection_leaves_a_write_undone_or_done(bool afterHandling, int stored, RequestOutcome outcome)
    {
        _simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close, Method = "POST", AfterHandling = afterHandling });

        using var form = CertificateTests.Form(_simulator);
        await Assert.ThrowsAsync<HttpRequestException>(() => _api.SendAsync(HttpMethod.Post, "certificates.json", form));

        Assert.Equal(stored, _simulator.Certificates.Count);
        var request = await _simulator.Requests.WaitForAsync(request => request.Outcome == outcome, Ended);
        Assert.Null(request.Status);
    }

    [Fact]
    public async Task A_truncated_body_breaks_off()
    {
        _simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Truncate });

        await Assert.ThrowsAsync<HttpRequestException>(() => _api.GetAsync("trainings.json?size=30"));
    }

    [Fact]
    public async Task A_stalled_request_gets_no_answer_until_the_caller_leaves()
    {
        _simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Stall });
        using var http = QuietHttp.To(_simulator.Address);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ended);

        var asking = http.GetAsync("trainings.json?api_key=simulator-key", patience.Token);
        var arrived = await _simulator.Requests.WaitForAsync(_ => true, Ended);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(RequestOutcome.Pending, arrived.Outcome);
        await _simulator.Requests.WaitForAsync(request => request.Outcome == RequestOutcome.Abandoned, Ended);
    }

    [Fact]
    public async Task Stopping_ends_stalled_requests()
    {
        var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 1 }, Ended);
        simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Stall });
        using var api = new ApiCaller(simulator);
        var asking = api.GetAsync("trainings.json");
        await simulator.Requests.WaitForAsync(_ => true, Ended);

        await simulator.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => asking);
    }

    [Fact]
    public async Task A_record_that_cannot_be_served_shows_as_a_failure()
    {
        _simulator.Catalogue.Certifications.Put(new JsonObject { ["id"] = 99999, ["requires_valid_until"] = "perhaps" });

        using var form = CertificateTests.Form(_simulator, ("certification_id", "99999"));

        using var answer = await _api.SendAsync(HttpMethod.Post, "certificates.json", form);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal(500, (await _simulator.Requests.WaitForAsync(request => request.Outcome == RequestOutcome.Failed, Ended)).Status);
    }

    [Fact]
    public async Task A_share_of_requests_fails_the_same_way_for_the_same_seed()
    {
        var runs = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            _simulator.Behaviour.Faults.Clear();
            _simulator.Behaviour.Faults.Add(new Fault { Probability = 0.3, Seed = 11 });
            var statuses = "";
            for (var i = 0; i < 60; i++)
                statuses += await _api.StatusAsync("subjects.json?size=1") == HttpStatusCode.OK ? "." : "x";
            runs.Add(statuses);
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.InRange(runs[0].Count(c => c == 'x'), 6, 36);
    }

    [Fact]
    public async Task A_predicate_chooses_the_requests()
    {
        _simulator.Behaviour.Faults.Add(new Fault { Status = 500, When = request => request.Parameter("offset") == "10" });

        Assert.Equal(HttpStatusCode.OK, await _api.StatusAsync("trainings.json?offset=0"));
        Assert.Equal(HttpStatusCode.InternalServerError, await _api.StatusAsync("trainings.json?offset=10"));
    }

    [Fact]
    public async Task Latency_passes_before_the_answer()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 1, TimeProvider = clock }, Ended);
        simulator.Behaviour.Latency = new Latency(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
        using var api = new ApiCaller(simulator);

        var asking = api.JsonAsync("trainings.json");
        await simulator.Requests.WaitForAsync(_ => true, Ended);
        Assert.False(asking.IsCompleted);
        while (!asking.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(asking, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ended));
        }

        Assert.IsType<JsonObject>(await asking);
        Assert.True(simulator.Requests.Snapshot().Single().Duration >= TimeSpan.FromSeconds(3));
    }
}
