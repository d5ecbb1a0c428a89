using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Springest.Simulator;
using Springest.Simulator.Data;
using Springest.Simulator.Webhooks;

namespace Springest.Client.Tests.Simulator;

public sealed class WebhookTests : IAsyncLifetime
{
    private static readonly WebhookOptions Impatient = new()
    {
        Timeout = TimeSpan.FromSeconds(2),
        Backoff = [TimeSpan.Zero, TimeSpan.Zero],
    };

    private SimulatorServer _simulator = null!;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
        => _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 50 }, Ended);

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task Changes_go_out_in_one_body_as_documented()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        Change[] changes =
        [
            new("import", "institute", 501001), new("update", "training", 700123), new("destroy", "training", 700099),
            new("update", "conversion", 610001),
        ];

        var delivery = Assert.Single(await _simulator.SendWebhookAsync(receiver.Address, changes, cancellationToken: Ended));

        var (body, contentType) = Assert.Single(receiver.Received);
        Assert.Equal("application/json; charset=utf-8", contentType);
        Assert.Equal(body, delivery.Body);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"changes":[
              {"action":"import","object":"institute","id":501001,"url":"http://api.springest.nl/institutes/501001"},
              {"action":"update","object":"training","id":700123,"url":"http://api.springest.nl/trainings/700123"},
              {"action":"destroy","object":"training","id":700099},
              {"action":"update","object":"conversion","id":610001,"url":"http://api.springest.nl/bookings/610001"}]}
            """), JsonNode.Parse(body)));
        Assert.True(delivery.Delivered);
        Assert.Equal(200, Assert.Single(delivery.Tries).Status);
    }

    [Fact]
    public async Task The_format_of_2014_has_a_body_for_each_training()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var id = _simulator.Catalogue.Trainings.Ids[0];

        Change[] changes = [new("create", "training", id), new("update", "training", id), new("destroy", "training", 5)];

        var deliveries = await _simulator.SendWebhookAsync(receiver.Address, changes, WebhookFormat.Single2014, cancellationToken: Ended);

        Assert.Equal(3, deliveries.Count);
        var bodies = receiver.Received.Select(received => JsonNode.Parse(received.Body)!).ToList();
        Assert.Equal(["create", "update", "delete"], bodies.Select(body => (string)body["action"]!));
        Assert.True(JsonNode.DeepEquals(_simulator.Catalogue.Trainings.Get(id), bodies[0]["training"]));
        Assert.Equal("""{"action":"delete","id":5}""", receiver.Received.Last().Body);
    }

    [Fact]
    public async Task The_format_of_2014_knows_no_institutes()
        => await Assert.ThrowsAsync<ArgumentException>(() => _simulator.SendWebhookAsync(
            new Uri("http://127.0.0.1:1"), [new Change("update", "institute", 1)], WebhookFormat.Single2014, cancellationToken: Ended));

    [Fact]
    public async Task What_is_not_taken_is_sent_again_until_the_tries_are_over()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 1, TimeProvider = clock }, Ended);
        await using var receiver = await WebhookReceiver.StartAsync(500, 0, 202);

        var sending = simulator.SendWebhookAsync(
            receiver.Address,
            [new Change("update", "training", 1)],
            options: Impatient,
            cancellationToken: Ended);
        await receiver.Stalled;
        clock.Advance(Impatient.Timeout);
        var delivery = Assert.Single(await sending);

        Assert.Equal([500, null, 202], delivery.Tries.Select(one => one.Status));
        Assert.Equal("Timeout", delivery.Tries[1].Error);
        Assert.True(delivery.Delivered);
        Assert.Single(receiver.Received.Distinct());

        await using var refusing = await WebhookReceiver.StartAsync(400, 400, 400, 400);
        var refused = Assert.Single(await SendAsync(refusing.Address, Impatient));
        Assert.Equal(3, refused.Tries.Count);
        Assert.False(refused.Delivered);
    }

    [Fact]
    public async Task Nobody_listening_is_told_as_such()
    {
        var receiver = await WebhookReceiver.StartAsync();
        var address = receiver.Address;
        await receiver.DisposeAsync();

        var delivery = Assert.Single(await SendAsync(address, Impatient with { Backoff = [] }));

        Assert.Null(delivery.Status);
        Assert.Equal("ConnectionError", Assert.Single(delivery.Tries).Error);
    }

    [Fact]
    public async Task Random_changes_are_made_told_and_the_same_for_the_same_seed()
    {
        await using var twin = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 50 }, Ended);
        await using var receiver = await WebhookReceiver.StartAsync();

        var changes = _simulator.Catalogue.RandomChanges(seed: 7, count: 40);
        var oneByOne = new WebhookOptions { OneByOne = true };
        await _simulator.SendWebhookAsync(receiver.Address, changes, options: oneByOne, cancellationToken: Ended);

        Assert.Equal(changes, twin.Catalogue.RandomChanges(seed: 7, count: 40));
        Assert.Equal(40, changes.Count);
        Assert.Equal(40, receiver.Received.Count);
        var last = changes.GroupBy(change => change.Id).Select(group => group.Last()).ToList();
        Assert.Contains(last, change => change.Action == "destroy");
        Assert.All(last, change => Assert.Equal(change.Action == "update", _simulator.Catalogue.Trainings.Find(change.Id) is not null));
    }

    private Task<IReadOnlyList<WebhookDelivery>> SendAsync(Uri target, WebhookOptions options)
        => _simulator.SendWebhookAsync(target, [new Change("update", "training", 1)], options: options, cancellationToken: Ended);
}
