using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Data;

namespace Springest.Tools.Demo;

/// <summary>The simulated site. Its changes are kept in the demo's folder, so that it is the same site the next time.</summary>
internal sealed class DemoSite : IAsyncDisposable
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(60);

    private readonly string _journal;
    private readonly HashSet<long> _earlier = [];

    private DemoSite(SimulatorServer server, string journal) => (Server, _journal) = (server, journal);

    public SimulatorServer Server { get; }

    public Catalogue Catalogue => Server.Catalogue;

    /// <summary>What demos before this one changed, as it is now.</summary>
    public IEnumerable<Change> EarlierChanges
        => _earlier.Select(id => new Change(Catalogue.Trainings.Json(id) is null ? "destroy" : "update", "training", id));

    public static async Task<DemoSite> StartAsync(DemoFolder folder, DemoKeys keys, CancellationToken cancellationToken)
    {
        var server = await SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = folder.State.Trainings,
                Subjects = folder.State.Subjects,
                Certifications = folder.State.Certifications,
                ApiKey = keys.Api,
                CertificationsApiKey = keys.Certifications,
            },
            cancellationToken);
        server.Behaviour.Latency = new Latency(Least, Most);
        var site = new DemoSite(server, Path.Combine(folder.Root, "changes.ndjson"));
        try
        {
            await site.ReplayAsync(cancellationToken);
        }
        catch (JsonException)
        {
            await site.DisposeAsync();
            throw DemoFolder.Broken(site._journal);
        }

        return site;
    }

    /// <summary>Changes some trainings, as the site's editors would.</summary>
    /// <returns>The last change of each.</returns>
    public async Task<IReadOnlyList<Change>> ChangeAsync(int seed, int count, CancellationToken cancellationToken)
    {
        var changes = Catalogue.RandomChanges(seed, count).GroupBy(change => change.Id).Select(same => same.Last()).ToArray();
        await File.AppendAllLinesAsync(
            _journal,
            changes.Select(change => JsonSerializer.Serialize(new Entry(change.Id, Catalogue.Trainings.Get(change.Id)))),
            cancellationToken);
        return changes;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task ReplayAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_journal))
            return;
        await foreach (var line in File.ReadLinesAsync(_journal, cancellationToken))
        {
            var (id, training) = JsonSerializer.Deserialize<Entry>(line)!;
            _earlier.Add(id);
            if (training is null)
                Catalogue.Trainings.Remove(id);
            else
                Catalogue.Trainings.Put(training);
        }
    }

    private sealed record Entry(long Id, JsonObject? Training);
}
