using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Testing;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>A run that stands still for longer than its lock lasts, and goes on as if nothing had been.</summary>
public sealed class StaleRunTests(AzuriteFixture azurite)
{
    private readonly List<string> _heldUp = [];
    private volatile bool _wasShutOut;
    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..12];

    /// <summary>It is overtaken before its nth write to a table: what it writes late must not undo what is newer.</summary>
    [Theory]
    [InlineData(CatalogueStorage.MirrorState, 1)]
    [InlineData(CatalogueStorage.MirrorState, 2)]
    [InlineData(nameof(Trainings), 1)]
    [InlineData(nameof(Trainings), 2)]
    [InlineData(CatalogueStorage.Changes, 1)]
    [InlineData(CatalogueStorage.MirrorPages, 1)]
    public async Task What_an_overtaken_run_writes_undoes_nothing(string table, int write)
    {
        await using var simulator = await SimulateAsync();
        await using var stale = await StartAsync(simulator, azurite.Azurite.ConnectionString);
        await using var other = await StartAsync(simulator, azurite.Azurite.ConnectionString);
        var trainings = simulator.Catalogue.Trainings;
        var (updated, removed, ids) = (trainings.Ids[3], trainings.Ids[5], trainings.Ids);
        await stale.CompleteAsync();
        trainings.Show(removed, visible: false);
        await stale.CompleteAsync();
        trainings.Update(updated, training => training["name"] = "Newer");
        stale.Tap.Before = async request =>
        {
            if (request.StartsWith("GET", StringComparison.Ordinal) || !request.Contains(table, StringComparison.Ordinal) || --write != 0)
                return;
            stale.Tap.Before = null;
            await other.ExpireLeaseAsync();
            await other.CompleteAsync();
            trainings.Update(updated, training => training["name"] = "Newest");
            trainings.Show(removed, visible: true);
            await other.CompleteAsync();
        };

        Assert.Equal(SyncOutcome.Busy, await stale.TickAsync());

        Assert.Equal(0, write);
        Assert.Equal(ids.ToDictionary(id => id, id => trainings.Json(id)!), await other.RecordsAsync());
        string[] expected =
        [
            .. ids.Select(id => $"Created {id}"),
            $"Updated {updated}",
            $"Deleted {removed}",
            $"Updated {updated}",
            $"Created {removed}",
        ];
        Assert.Equal(expected.Order(), (await other.ChangesAsync()).Order());
        await other.CompleteAsync();
        Assert.Equal(expected.Length, (await other.ChangesAsync()).Count);
        Assert.Empty(await other.RowsAsync(CatalogueStorage.MirrorPages));
    }

    [Fact]
    public async Task However_many_run_and_stand_still_each_holder_shuts_out_those_before()
    {
        var seed = Variable.Number("SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper?.WriteLine($"SEED={seed}");
        await using var simulator = await SimulateAsync();
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, TestContext.Current.CancellationToken);
        var (accepted, refused) = Watch(proxy);
        var trainings = simulator.Catalogue.Trainings;
        var ids = trainings.Ids;

        await Task.WhenAll(Enumerable.Range(0, 5).Select(instance => RunAsync(simulator, proxy, new Random(seed + instance))));
        await using var last = await StartAsync(simulator, azurite.Azurite.ConnectionString);
        await last.ExpireLeaseAsync();
        await last.CompleteAsync();
        await last.CompleteAsync();

        Assert.Equal(accepted.Order(), accepted);
        Assert.Contains(refused, fence => fence < accepted[^1]);
        Assert.Equal(ids.ToDictionary(id => id, id => trainings.Json(id)!), await last.RecordsAsync());
        Assert.Equal(ids.Select(id => $"Created {id}").Order(), (await last.ChangesAsync()).Order());
        Assert.Empty(await last.RowsAsync(CatalogueStorage.MirrorPages));
    }

    /// <summary>
    /// Passes one after another, until instances have stood still for longer than their locks last a few times, and one of them has tried
    /// to go on after that.
    /// </summary>
    private async Task RunAsync(SimulatorServer simulator, StorageProxy proxy, Random random)
    {
        await using var app = await StartAsync(
            simulator, proxy.ConnectionString, new() { ["Springest:Mirror:LeaseDuration"] = "00:00:02" });
        app.Tap.Before = async request =>
        {
            if (
                request.StartsWith("GET", StringComparison.Ordinal)
                || request.Contains(CatalogueStorage.MirrorFields, StringComparison.Ordinal))
                return;
            bool isHeld;
            lock (_heldUp)
            {
                isHeld = !IsOver && random.Next(8) == 0;
                if (isHeld)
                    _heldUp.Add(request);
            }

            if (isHeld)
                await Task.Delay(TimeSpan.FromSeconds(3.2), TimeProvider.System, TestContext.Current.CancellationToken);
        };
        while (!IsOver)
        {
            if (await app.TickAsync() is SyncOutcome.Busy)
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private bool IsOver => _wasShutOut && _heldUp.Count >= 3;

    /// <summary>The fences of the state's writes that storage took, in their order, and of those that it refused.</summary>
    private (List<long> Accepted, List<long> Refused) Watch(StorageProxy proxy)
    {
        var (accepted, refused) = (new List<long>(), new List<long>());
        var one = new SemaphoreSlim(1);
        proxy.Exchange = async (request, send) =>
        {
            if (HttpMethods.IsGet(request.Method) || !request.Path.Value!.Contains(CatalogueStorage.MirrorState, StringComparison.Ordinal))
                return await send();
            using var state = await JsonDocument.ParseAsync(request.Body);
            if (!state.RootElement.TryGetProperty("Fence", out var value))
                return await send();
            var fence = long.Parse(value.GetString()!);
            await one.WaitAsync();
            try
            {
                var answer = await send();
                (answer.IsSuccessStatusCode ? accepted : refused).Add(fence);
                _wasShutOut |= !answer.IsSuccessStatusCode && accepted.Count > 0 && fence < accepted[^1];
                return answer;
            }
            finally
            {
                one.Release();
            }
        };
        return (accepted, refused);
    }

    private static Task<SimulatorServer> SimulateAsync()
        => SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = 70,
                Subjects = 3,
                Certifications = 3,
            },
            TestContext.Current.CancellationToken);

    private Task<MirrorApp> StartAsync(SimulatorServer simulator, string storage, Dictionary<string, string?>? settings = null)
        => MirrorApp.StartAsync(storage, _prefix, simulator, new(settings ?? []) { ["Springest:Mirror:Prefetch"] = "2" });
}
