using System.Net;
using Springest.Simulator;
using Springest.Simulator.Recording;

namespace Springest.Client.Tests.Simulator;

public sealed class RequestLogTests
{
    private const string Canary = "canary-5e1f";

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_are_recorded_without_any_key()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 5, ApiKey = Canary }, Ended);
        using var http = QuietHttp.To(simulator.Address);

        await http.GetAsync($"trainings.json?size=2&api_key={Canary}&query=a%20b%26c", Ended);
        await http.GetAsync($"trainings.json?API_KEY={Canary}", Ended);
        await http.GetAsync($"subjects/1.xml?api%5Fkey={Canary}&api_key=wrong-{Canary}", Ended);
        await http.GetAsync("nothing", Ended);

        var requests = simulator.Requests.Snapshot();
        Assert.Equal(["general", "general", "wrong", "missing"], requests.Select(request => request.Key));
        Assert.Equal([200, 200, 401, 401], requests.Select(request => request.Status!.Value));
        Assert.Equal("size=2&query=a%20b%26c", requests[0].Query);
        Assert.Equal("a b&c", requests[0].Parameter("query"));
        Assert.Equal(["/trainings.json", "/trainings.json", "/subjects/1.xml", "/nothing"], requests.Select(request => request.Path));
        Assert.Equal([1, 2, 3, 4], requests.Select(request => request.Number));
        var control = await http.GetStringAsync("_simulator/requests", Ended);
        Assert.Contains("a%20b%26c", control, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, control + string.Join('\n', requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_finds_what_was_and_what_comes()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 1 }, Ended);
        using var api = new ApiCaller(simulator);

        var coming = simulator.Requests.WaitForAsync(request => request.Status == 404, Ended);
        await api.StatusAsync("trainings.json");
        Assert.False(coming.IsCompleted);
        await api.StatusAsync("trainings/1.json");

        Assert.Equal("/trainings/1.json", (await coming).Path);
        Assert.Equal("/trainings.json", (await simulator.Requests.WaitForAsync(request => request.Status == 200, Ended)).Path);
        using var over = new CancellationTokenSource();
        var never = simulator.Requests.WaitForAsync(request => request.Method == "PUT", over.Token);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);
    }

    [Fact]
    public async Task Clearing_forgets_also_what_is_still_in_progress()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 1 }, Ended);
        simulator.Behaviour.Latency = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50));
        using var api = new ApiCaller(simulator);

        var slow = api.StatusAsync("trainings.json");
        await simulator.Requests.WaitForAsync(_ => true, Ended);
        simulator.Requests.Clear();
        Assert.Equal(0, simulator.Requests.Count);
        Assert.Equal(HttpStatusCode.OK, await slow);
        await api.StatusAsync("subjects.json");

        Assert.Equal("/subjects.json", Assert.Single(simulator.Requests.Snapshot()).Path);
        Assert.Equal(RequestOutcome.Answered, (await simulator.Requests.WaitForAsync(request => request.Status == 200, Ended)).Outcome);
    }
}
