using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Data;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>
/// Whatever order webhooks come in, and wherever the app dies, the mirror ends up as the API's data is. A run tries a few seeds;
/// the environment variables SEED, SIMULATIONS and KILL_POINTS choose the first seed and how many.
/// </summary>
public sealed class WebhookSimulationTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly int FirstSeed = Setting("SEED", Random.Shared.Next(1_000_000));

    private TestApp _app = null!;
    private WebhookDriver _webhooks = null!;
    private long[] _ids = [];

    private RecordSet Trainings => _app.Simulator.Catalogue.Trainings;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync(
            azurite.Azurite,
            new SimulatorOptions { Trainings = 24, Subjects = 1, Certifications = 1 },
            settings: new() { ["Springest:Quota:Limit"] = "60000", ["Springest:Quota:Window"] = "00:01:00", ["Springest:Webhooks:InlineBudget"] = "00:00:00.500" });
        _webhooks = new WebhookDriver(_app);
        _app.Simulator.Behaviour.RateLimit = new RateLimit { Limit = int.MaxValue };
        _ids = [.. Trainings.Ids];
        await _webhooks.PostAsync(WebhookDriver.Changes([.. _ids.Select(WebhookDriver.Update)]));
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={FirstSeed}");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Shuffled_repeated_and_delayed_deliveries_end_in_the_apis_data()
    {
        await using var one = new WebhookInstance(_app, azurite.Azurite.ConnectionString);
        await using var two = new WebhookInstance(_app, azurite.Azurite.ConnectionString);
        WebhookInstance[] instances = [one, two];
        for (var seed = FirstSeed; seed < FirstSeed + Setting("SIMULATIONS", 12); seed++)
        {
            var random = new Random(seed);
            var (underWay, atWork) = (new List<string>(), new List<Task>());
            for (var step = 0; step < 25; step++)
            {
                var instance = instances[random.Next(2)];
                switch (random.Next(8))
                {
                    case < 3:
                        underWay.Add(Change(random));
                        break;
                    case < 6 when underWay.Count > 0:
                        var json = underWay[random.Next(underWay.Count)];
                        // Some are sent again although they arrived.
                        if (random.Next(3) > 0)
                            underWay.Remove(json);
                        atWork.Add(DeliverAsync(instance, json));
                        break;
                    case 6:
                        atWork.Add(instance.ApplyAsync());
                        break;
                    default:
                        await Task.WhenAll(atWork);
                        break;
                }
            }

            await Task.WhenAll([.. atWork, .. underWay.Select(json => DeliverAsync(one, json))]);
            await two.FinishAsync();
            Assert.True(_webhooks.Source().SequenceEqual(await _webhooks.MirrorAsync()), $"seed {seed}");
        }
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_wherever_the_app_dies()
    {
        var points = Setting("KILL_POINTS", 25);
        for (var seed = FirstSeed; seed < FirstSeed + points; seed++)
        {
            var random = new Random(seed);
            var acknowledged = new List<long>();
            await using (var dying = new WebhookInstance(_app, azurite.Azurite.ConnectionString))
            {
                dying.Tap.KillAt(random.Next(1, 60), answerLost: random.Next(2) == 0);
                for (var i = 0; i < 4; i++)
                {
                    var ids = random.GetItems(_ids, 3).Distinct().ToArray();
                    foreach (var id in ids)
                        ChangeOne(random, id);
                    if (await dying.DeliverAsync(WebhookDriver.Changes([.. ids.Select(id => Say(random, id))])))
                        acknowledged.AddRange(ids);
                    else
                        acknowledged.RemoveAll(ids.Contains);
                    if (random.Next(2) == 0)
                        await dying.ApplyAsync();
                }
            }

            await using var next = new WebhookInstance(_app, azurite.Azurite.ConnectionString);
            await next.FinishAsync();
            var (source, mirror) = (_webhooks.Source(), await _webhooks.MirrorAsync());
            Assert.All(acknowledged, id => Assert.True(source.GetValueOrDefault(id) == mirror.GetValueOrDefault(id), $"seed {seed}, training {id}"));
        }
    }

    private static int Setting(string name, int otherwise) => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{otherwise}");

    // The sender comes again until it is told that the webhook was taken.
    private static async Task DeliverAsync(WebhookInstance instance, string json)
    {
        while (!await instance.DeliverAsync(json))
        {
        }
    }

    /// <summary>Changes something at the API, and gives the webhook that tells of it.</summary>
    private string Change(Random random)
    {
        var ids = random.GetItems(_ids, random.Next(1, 4));
        foreach (var id in ids)
            ChangeOne(random, id);
        return WebhookDriver.Changes([.. ids.Select(id => Say(random, id))]);
    }

    private void ChangeOne(Random random, long id)
    {
        Trainings.Show(id, random.Next(3) > 0);
        Trainings.Update(id, training => training["name"] = $"Name {random.Next()}");
    }

    // What is said need not be true by the time it arrives.
    private static string Say(Random random, long id) => random.Next(3) == 0 ? WebhookDriver.Destroy(id) : WebhookDriver.Update(id);
}
