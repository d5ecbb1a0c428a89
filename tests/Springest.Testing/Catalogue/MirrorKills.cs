using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Storage;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Catalogues = Springest.Functions.Catalogue.Resources;

namespace Springest.Testing.Catalogue;

/// <summary>
/// Two instances of the app as processes fill a mirror and bring it up to date; time and again one of them is killed at some request
/// to storage, and started anew.
/// </summary>
internal sealed class MirrorKills(Azurite azurite, int seed, int kills)
{
    private const int Trainings = 900;
    private const int Prefetch = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Random _random = new(seed);
    private readonly string _prefix = $"k{Guid.NewGuid():N}"[..12];
    /// <summary>The lease that each of the two took last.</summary>
    private readonly string?[] _leases = new string?[2];
    private AppStorage _storage = null!;
    private SimulatorServer _simulator = null!;
    private int _killed;

    /// <summary>Fills, changes, and brings up to date.</summary>
    /// <returns>How often a process was killed.</returns>
    /// <exception cref="InvalidOperationException">A promise was broken; the message says which, and for which seed.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = Trainings,
                Subjects = 3,
                Certifications = 3,
                Seed = seed,
            },
            cancellationToken);
        simulator.Behaviour.Latency = new Latency(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(40));
        (_simulator, _storage) = (simulator, MirrorProcess.Storage(azurite.ConnectionString, _prefix));
        await using var one = await StartVictimAsync(0, cancellationToken);
        await using var other = await StartVictimAsync(1, cancellationToken);
        Victim[] victims = [one, other];

        await PassAsync(victims, kills / 2, isOrdered: false, cancellationToken);
        var (updated, added, removed) = Change();
        await PassAsync(victims, kills - _killed, isOrdered: true, cancellationToken);
        await PassAsync(victims, 0, isOrdered: true, cancellationToken);
        await CheckAsync(updated, added, removed, cancellationToken);
        return _killed;
    }

    private async Task<Victim> StartVictimAsync(int number, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>
        {
            ["Springest__Mirror__Prefetch"] = $"{Prefetch}",
            ["Springest__Mirror__SnapshotsKept"] = "0",
            ["Springest__Mirror__DeleteHoldShare"] = "1",
            ["Springest__Mirror__Trainings__DeltaInterval"] = "",
        };
        var victim = await Victim.OpenAsync(
            azurite,
            storage => MirrorProcess.StartAsync(storage, _prefix, _simulator, settings, cancellationToken),
            async request =>
            {
                if (!IsOfHolder(request))
                    return false;
                if (request.Path.Value!.Contains(CatalogueStorage.MirrorState, StringComparison.Ordinal))
                    _leases[number] = await ReadLeaseAsync(request) ?? _leases[number];
                return true;
            },
            cancellationToken);
        await victim.StartAsync();
        return victim;
    }

    /// <summary>An instance that does not hold the lease only reads who holds it.</summary>
    private static bool IsOfHolder(HttpRequest request)
        => !request.Path.Value!.Contains("Quota", StringComparison.Ordinal)
           && !(request.Method == "GET" && request.Path.Value.Contains(CatalogueStorage.MirrorState, StringComparison.Ordinal));

    private static async Task<string?> ReadLeaseAsync(HttpRequest request)
    {
        using var state = await JsonDocument.ParseAsync(request.Body);
        return state.RootElement.TryGetProperty(nameof(SyncStateEntity.LeaseOwner), out var owner) ? owner.GetString() : null;
    }

    /// <summary>Waits for the end of a full pass, killing as often as told.</summary>
    private async Task PassAsync(Victim[] victims, int times, bool isOrdered, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await PassInTimeAsync(victims, times, isOrdered, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Require(false, $"a full pass had not ended after {Patience}");
        }
    }

    private async Task PassInTimeAsync(Victim[] victims, int times, bool isOrdered, CancellationToken cancellationToken)
    {
        // Before it is ordered: it may be over in a second. The first one is not ordered, and may be over by now.
        var before = isOrdered ? (await MirrorProcess.StatusAsync(_storage, cancellationToken))?.FullPassCompleted : null;
        var killed = 0;
        _simulator.Requests.Clear();
        if (isOrdered)
            await OrderFullPassAsync(cancellationToken);
        foreach (var victim in victims)
            Arm(victim, times);
        while ((await MirrorProcess.StatusAsync(_storage, cancellationToken))?.FullPassCompleted == before)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            foreach (var (number, victim) in victims.Index().Where(one => one.Item.IsDead))
            {
                killed++;
                while (!await TryExpireLeaseAsync(_leases[number], cancellationToken))
                {
                }

                await victim.StartAsync();
                Arm(victim, times - killed);
            }
        }

        foreach (var victim in victims)
            victim.Spare();
        _killed += killed;
        var (asked, pages) = (
            _simulator.Requests.Snapshot().Count(request => request.Path == "/trainings.json"),
            (_simulator.Catalogue.Trainings.Count + 29) / 30);
        Require(asked <= pages + (killed * 2 * Prefetch), $"{asked} requests for {pages} pages with {killed} kills");
    }

    /// <summary>As when the time of the dead one's lock is up. The other's stays.</summary>
    /// <returns>False if what the dead one had sent came in just now.</returns>
    private async Task<bool> TryExpireLeaseAsync(string? owner, CancellationToken cancellationToken)
    {
        var table = _storage.Table(CatalogueStorage.MirrorState);
        try
        {
            await foreach (
                var state in table
                    .QueryAsync<SyncStateEntity>(cancellationToken: cancellationToken)
                    .Where(state => state.LeaseOwner is not null && state.LeaseOwner == owner))
            {
                state.LeaseOwner = null;
                await table.UpdateEntityAsync(state, state.ETag, TableUpdateMode.Replace, cancellationToken);
            }

            return true;
        }
        catch (Azure.RequestFailedException failure) when (failure.Status is 412)
        {
            return false;
        }
    }

    private void Arm(Victim victim, int left)
        => victim.KillAt(left > 0 ? _random.Next(1, 25) : int.MaxValue, afterwards: _random.Next(2) == 0);

    private (List<long> Updated, long Added, List<long> Removed) Change()
    {
        var trainings = _simulator.Catalogue.Trainings;
        var (updated, removed) = (
            trainings.Ids.Where((_, index) => index % 7 == 3).ToList(),
            trainings.Ids.Where((_, index) => index % 90 == 1).ToList());
        foreach (var id in updated)
            trainings.Update(id, training => training["name"] = "Anders");
        foreach (var id in removed)
            trainings.Remove(id);
        var fresh = trainings.Get(trainings.Ids[0])!;
        fresh["id"] = trainings.Ids[^1] + 1;
        return ([.. updated.Except(removed)], trainings.Put(fresh).Id, removed);
    }

    private Task OrderFullPassAsync(CancellationToken cancellationToken)
        => new CommandQueue(
            _storage.Table(CatalogueStorage.MirrorCommands), new MirrorScope("nl", Catalogues.Trainings.Description), TimeProvider.System)
            .EnqueueAsync(SyncCommand.Start, by: null, cancellationToken);

    private async Task CheckAsync(List<long> updated, long added, List<long> removed, CancellationToken cancellationToken)
    {
        var rows = await _storage
            .Table("Trainings")
            .QueryAsync<TableEntity>(cancellationToken: cancellationToken)
            .ToListAsync(cancellationToken);
        var trainings = _simulator.Catalogue.Trainings;
        var live = rows.Where(row => !row.ContainsKey("DeletedAt"))
            .ToDictionary(row => long.Parse(row.RowKey, CultureInfo.InvariantCulture), RecordEntity.Json);
        Require(trainings.Ids.SequenceEqual(live.Keys.Order()), $"the mirror holds {live.Count} records, the API {trainings.Count}");
        Require(trainings.Ids.All(id => trainings.Json(id) == live[id]), "a record in the mirror is not as at the API");
        var changes = await _storage
            .Table(CatalogueStorage.Changes)
            .QueryAsync<TableEntity>(cancellationToken: cancellationToken)
            .Select(change => $"{change.GetString("Change")} {change.GetInt64("Id")}")
            .ToListAsync(cancellationToken);
        string[] expected =
        [
            .. trainings.Ids.Concat(removed).Select(id => $"Created {id}"),
            .. updated.Select(id => $"Updated {id}"),
            .. removed.Select(id => $"Deleted {id}"),
        ];
        Require(expected.Contains($"Created {added}") && expected.Order().SequenceEqual(changes.Order()), "changes are lost or doubled");
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException($"KILL_SEED={seed}: {otherwise}.");
    }
}
