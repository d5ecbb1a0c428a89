using System.Globalization;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Springest.Functions.Catalogue.Resources;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Data;
using Springest.Testing.Catalogue;
using Springest.Testing.Memory;

namespace Springest.Testing.Webhooks;

/// <summary>
/// A small catalogue at a simulator, and histories of what is changed there, told by webhooks, lost and repeated. Each history begins with
/// a storage account of its own, in memory unless another is given, and with a mirror that is exact.
/// </summary>
internal sealed class WebhookWorld(SimulatorServer simulator, string? connection = null) : IAsyncDisposable
{
    private readonly long[] _trainings = [.. simulator.Catalogue.Trainings.Ids];
    private readonly long[] _institutes = [.. simulator.Catalogue.Institutes.Ids.Take(4)];

    // The API has these at any moment: where nothing that was listed is found, no 404 is believed.
    private readonly HashSet<long> _lasting =
        [.. simulator.Catalogue.Trainings.Ids.Where((_, index) => index % 3 == 0), simulator.Catalogue.Institutes.Ids[0]];
    private MemoryStorage? _memory;

    public static async Task<WebhookWorld> StartAsync(string? connection = null)
    {
        var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = 24,
                Subjects = 1,
                Certifications = 1,
                ApiKey = "simulator-key",
            });
        simulator.Behaviour.RateLimit = new RateLimit { Limit = int.MaxValue };
        return new WebhookWorld(simulator, connection);
    }

    /// <summary>
    /// Changes, told in whatever order, some of them twice, to two instances that work at the same time, while the API is away for a time
    /// or answers 404 for everything. Once: if it comes and goes from one request to the next, nobody can tell that from a record that is
    /// gone. Null, or what is wrong in the end or was deleted although the API has had it all the time.
    /// </summary>
    public async Task<string?> ShuffleAsync(int seed)
    {
        Begin();
        try
        {
            var wrong = await ShuffleAsync(new Random(seed));
            return wrong is null ? null : $"seed {seed}: {wrong}";
        }
        catch (InvalidOperationException failure)
        {
            return $"seed {seed}: {failure.Message}";
        }
    }

    private async Task<string?> ShuffleAsync(Random random)
    {
        // Most leave all to the timer, some begin to apply at once, and a few go on as long as it takes.
        var budget = random.Next(20) switch { 0 => 200, < 6 => 10, _ => 0 };
        var settings = Settings(budget);
        await using var one = new WebhookInstance(settings, Connection, _memory);
        await using var two = new WebhookInstance(settings, Connection, _memory);
        await FillAsync(one);
        WebhookInstance[] instances = [one, two];
        var (underWay, atWork, wasAway) = (new List<string>(), new List<Task>(), false);
        for (var step = 0; step < 25; step++)
        {
            var instance = instances[random.Next(2)];
            switch (random.Next(9))
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
                case 7 when !wasAway:
                    wasAway = true;
                    simulator.Behaviour.Faults.Add(new Fault { Status = random.Next(2) == 0 ? 404 : 400, Body = "<h1>Not here</h1>" });
                    break;
                default:
                    await Task.WhenAll(atWork);
                    simulator.Behaviour.Faults.Clear();
                    break;
            }
        }

        await Task.WhenAll(atWork);
        simulator.Behaviour.Faults.Clear();
        await Task.WhenAll([.. atWork, .. underWay.Select(json => DeliverAsync(one, json))]);
        await two.FinishAsync();
        return await CompareAsync(two, _ => true) ?? await FindFalseDeleteAsync(two);
    }

    /// <summary>
    /// An instance dies at a request to storage, or its network fails now and then. Null, or what of the acknowledged is lost.
    /// </summary>
    /// <returns>How many requests it made, and what is wrong.</returns>
    public async Task<(int Requests, string? Wrong)> KillAsync(int seed, int request, bool answerLost, double faults = 0)
    {
        Begin();
        var random = new Random(seed);
        var settings = Settings(random.Next(2) * 20);
        var acknowledged = new HashSet<long>();
        await using var next = new WebhookInstance(settings, Connection, _memory);
        await FillAsync(next);
        int requests;
        await using (var dying = new WebhookInstance(settings, Connection, _memory))
        {
            dying.Storage.KillAt(request, answerLost);
            dying.Storage.FailNowAndThen(new Random(seed), faults);
            for (var round = 0; round < 3; round++)
            {
                // Two together, which are stored as one, and one by itself.
                await TellAsync(dying.DeliverAsync, random, 2, acknowledged);
                await TellAsync(dying.DeliverAsync, random, 1, acknowledged);
                if (random.Next(3) > 0)
                    await dying.ApplyAsync();
            }

            requests = dying.Storage.Count;
        }

        await next.FinishAsync();
        var wrong = await CompareAsync(next, acknowledged.Contains);
        return (
            requests,
            wrong is null ? null : $"seed {seed}, killed {(answerLost ? "after" : "before")} request {request}, {faults:P0} faults: {wrong}"
        );
    }

    /// <summary>An instance as a process, whose timer fires each second.</summary>
    public Task<AppProcess> StartProcessAsync(string storage, IConfiguration settings, CancellationToken cancellationToken)
        => MirrorProcess.StartAsync(
            storage,
            settings["Springest:Storage:Prefix"]!,
            simulator,
            new()
            {
                ["Springest__Mirror__Trainings__Schedule"] = "0 0 0 1 1 *",
                ["Springest__Webhooks__Schedule"] = "* * * * * *",
                ["Springest__Webhooks__InlineBudget"] = settings["Springest:Webhooks:InlineBudget"]!,
                ["Springest__Webhooks__LeaseDuration"] = "00:00:01",
                ["Springest__Webhooks__RetryDelay"] = "00:00:00.001",
                ["Springest__Webhooks__MaxRetryDelay"] = "00:00:00.001",
            },
            cancellationToken);

    public ValueTask DisposeAsync() => simulator.DisposeAsync();

    private void Begin()
    {
        _memory = connection is null ? new MemoryStorage() : null;
        simulator.Requests.Clear();
        simulator.Behaviour.Faults.Clear();
    }

    private string Connection => connection ?? MemoryStorage.ConnectionString;

    /// <summary>An app's settings, with a corner of the storage to itself.</summary>
    public IConfiguration Settings(int budget) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["AzureWebJobsStorage"] = Connection,
        ["Springest:Storage:Prefix"] = $"t{Guid.NewGuid():N}"[..12],
        ["Springest:Sites:nl:Host"] = simulator.Address.ToString(),
        ["Springest:Sites:nl:ApiKey"] = "simulator-key",
        ["Springest:Quota:Limit"] = "60000",
        ["Springest:Quota:Window"] = "00:01:00",
        // Most of the catalogue comes and goes.
        ["Springest:Mirror:DeleteHoldMinimum"] = $"{int.MaxValue}",
        ["Springest:Mirror:SnapshotsKept"] = "0",
        ["Springest:Webhooks:InlineBudget"] = $"{TimeSpan.FromMilliseconds(budget)}",
        ["Springest:Webhooks:RetryDelay"] = "00:00:00.001",
        ["Springest:Webhooks:MaxRetryDelay"] = "00:00:00.001",
    }).Build();

    /// <summary>Makes the mirror exact to begin with.</summary>
    public static async Task FillAsync(WebhookInstance instance)
    {
        await instance.SetUpAsync();
        await instance.CrawlAsync(Trainings.Description);
        await instance.CrawlAsync(Institutes.Description);
    }

    /// <summary>
    /// Changes trainings, tells of them by several webhooks at once, and notes which trainings the app has promised to read again.
    /// </summary>
    public async Task TellAsync(Func<string, Task<bool>> deliver, Random random, int webhooks, HashSet<long> acknowledged)
    {
        var named = Enumerable.Range(0, webhooks).Select(_ => random.GetItems(_trainings, 3).Distinct().ToArray()).ToList();
        foreach (var id in named.SelectMany(ids => ids))
            ChangeTraining(random, id);
        var bodies = named.Select(ids => WebhookBodies.Changes([.. ids.Select(id => Say(random, id))])).ToList();
        var taken = await Task.WhenAll(bodies.Select(deliver));
        // All was changed before any was told: one acknowledgement is enough for a training that several name.
        acknowledged.ExceptWith(named.SelectMany(ids => ids));
        acknowledged.UnionWith(named.Where((_, index) => taken[index]).SelectMany(ids => ids));
    }

    // The sender comes again until it is told that the webhook was taken.
    private static async Task DeliverAsync(WebhookInstance instance, string json)
    {
        for (var tries = 1; !await instance.DeliverAsync(json); tries++)
        {
            if (tries == 100)
                throw new InvalidOperationException("A webhook was refused a hundred times.");
        }
    }

    /// <summary>Changes something at the API, and gives the webhook that tells of it.</summary>
    private string Change(Random random)
    {
        if (random.Next(5) == 0)
        {
            var institute = random.GetItems(_institutes, 1)[0];
            simulator.Catalogue.Institutes.Show(institute, random.Next(3) > 0 || _lasting.Contains(institute));
            simulator.Catalogue.Institutes.Update(institute, record => record["name"] = $"Name {random.Next()}");
            return WebhookBodies.Changes(WebhookBodies.Institute(random.Next(3) == 0 ? "destroy" : "update", institute));
        }

        var ids = random.GetItems(_trainings, random.Next(1, 4));
        foreach (var id in ids)
            ChangeTraining(random, id);
        return WebhookBodies.Changes([.. ids.Select(id => Say(random, id))]);
    }

    private void ChangeTraining(Random random, long id)
    {
        simulator.Catalogue.Trainings.Show(id, random.Next(3) > 0 || _lasting.Contains(id));
        simulator.Catalogue.Trainings.Update(id, training => training["name"] = $"Name {random.Next()}");
    }

    // What is said need not be true by the time it arrives.
    private string Say(Random random, long id) => random.Next(6) switch
    {
        0 => WebhookBodies.Import(InstituteOf(id)),
        < 3 => WebhookBodies.Destroy(id),
        _ => WebhookBodies.Update(id),
    };

    private long InstituteOf(long training) => simulator.Catalogue.Trainings.Find(training)!.InstituteId!.Value;

    /// <summary>Null, or what of the promised is not in the mirror as it is at the API.</summary>
    public async Task<string?> CompareAsync(WebhookInstance instance, Func<long, bool> isPromised)
    {
        var trainings = await CompareAsync(instance, nameof(Trainings), simulator.Catalogue.Trainings, _trainings.Where(isPromised));
        return trainings
            ?? await CompareAsync(instance, nameof(Institutes), simulator.Catalogue.Institutes, isPromised(0) ? _institutes : []);
    }

    private async Task<string?> FindFalseDeleteAsync(WebhookInstance instance)
        => await instance
            .Tables.Table("Changes")
            .QueryAsync<TableEntity>(change => change.PartitionKey == "nl:Trainings")
            .Where(change => change.GetString("Change") == "Deleted" && _lasting.Contains(change.GetInt64("Id")!.Value))
            .Select(change => $"training {change.GetInt64("Id")} was deleted, which the API has had all the time")
            .FirstOrDefaultAsync();

    private static async Task<string?> CompareAsync(WebhookInstance instance, string table, RecordSet source, IEnumerable<long> ids)
    {
        var visible = source.Ids.ToHashSet();
        var mirror = await instance
            .Tables.Table(table)
            .QueryAsync<TableEntity>()
            .Where(row => !row.ContainsKey("DeletedAt"))
            .ToDictionaryAsync(row => long.Parse(row.RowKey, CultureInfo.InvariantCulture), WebhookBodies.JsonOf);
        return ids.Where(id => mirror.GetValueOrDefault(id) != (visible.Contains(id) ? source.Json(id) : null))
            .Select(id =>
                $"{table} {id}: at the API {(visible.Contains(id) ? source.Json(id)![..60] : "none")}, in the mirror "
                    + $"{mirror.GetValueOrDefault(id)?[..60] ?? "none"}")
            .FirstOrDefault();
    }
}
