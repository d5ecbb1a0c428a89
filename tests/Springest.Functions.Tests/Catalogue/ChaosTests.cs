using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Springest.Functions.Catalogue;
using Springest.Functions.Quota;
using Springest.Functions.Storage;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Behaviours;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>
/// Crawls over data that change between any two requests, with answers that go wrong, webhooks, and runs that die. Then the
/// world falls quiet. For more rounds set CHAOS_ROUNDS; SEED repeats one.
/// </summary>
public sealed class ChaosTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Nothing_is_lost_and_nothing_deleted_wrongly_whatever_happens()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("CHAOS_ROUNDS") ?? "10");
        var first = Environment.GetEnvironmentVariable("SEED") is { } given ? int.Parse(given) : Random.Shared.Next(1_000_000_000);
        for (var seed = first; seed < first + rounds; seed++)
            await new Round(azurite.Azurite.ConnectionString, seed).RunAsync();
    }

    private sealed class Round(string storage, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly string _prefix = $"t{Guid.NewGuid():N}"[..12];
        private readonly List<long> _touched = [];
        private SimulatorServer _simulator = null!;
        private int _made;

        public async Task RunAsync()
        {
            await using var simulator = await SimulatorServer.StartAsync(
                new SimulatorOptions { Trainings = Next(1, 130), Subjects = 3, Certifications = 3, Seed = seed }, TestContext.Current.CancellationToken);
            _simulator = simulator;
            try
            {
                for (var ticks = Next(2, 7); ticks > 0; ticks--)
                    await RoughTickAsync();
                await QuietAsync();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new InvalidOperationException($"SEED={seed} CHAOS_ROUNDS=1: {failure.Message}", failure);
            }
        }

        private async Task RoughTickAsync()
        {
            await using var app = await StartAsync();
            _simulator.Behaviour.Faults.Add(new Fault { When = _ => Shift() });
            for (var faults = Next(4); faults > 0; faults--)
                _simulator.Behaviour.Faults.Add(MakeFault());
            if (Next(3) == 0)
                app.Tap.KillAt(Next(1, 40), answerLost: Next(2) == 0);
            app.Tap.Before = _ => Next(15) == 0 ? WebhookAsync() : Task.CompletedTask;
            try
            {
                await app.TickAsync();
            }
            catch (Exception failure) when (failure is KilledException or Client.SpringestException)
            {
                await using var undertaker = await StartAsync();
                await undertaker.ExpireLockAsync();
            }

            _simulator.Behaviour.Faults.Clear();
            await CheckDeletesAsync();
        }

        /// <summary>The pass in progress, and then one that sees only a world at rest; a second one for deletes.</summary>
        private async Task QuietAsync()
        {
            await using var app = await StartAsync();
            while (_touched.Count > 0)
                await RefreshAsync(app, _touched.Count - 1);
            await app.CompleteAsync();
            await app.CompleteAsync();
            var mirror = await app.RecordsAsync();
            foreach (var (id, json) in Data())
                Assert.True(mirror.TryGetValue(id, out var mirrored) && AreSame(mirrored, json), $"Record {id} is not in the mirror as it is at the API.");

            await app.CompleteAsync();
            Assert.Equal(Data().Keys, (await app.RecordsAsync()).Keys.Order());
            await CheckDeletesAsync();
            await CheckChangesAsync(app);
        }

        /// <summary>Before the answer to a request: now and then the data change. Says no: it is no fault.</summary>
        private bool Shift()
        {
            lock (_random)
            {
                var trainings = _simulator.Catalogue.Trainings;
                if (Next(3) != 0 || trainings.Ids is not { Count: > 0 } ids)
                    return false;
                var id = ids[Next(ids.Count)];
                switch (Next(3))
                {
                    case 0:
                        trainings.Remove(id);
                        break;
                    case 1:
                        var added = trainings.Get(id)!;
                        // A new id anywhere, so that everything behind it shifts.
                        added["id"] = id = NewId(ids);
                        trainings.Put(added);
                        break;
                    default:
                        trainings.Update(id, training => training["name"] = $"Name {Next(int.MaxValue)}");
                        break;
                }

                _touched.Add(id);
                return false;
            }
        }

        private int Next(int from, int to)
        {
            lock (_random)
                return _random.Next(from, to);
        }

        private int Next(int to) => Next(0, to);

        /// <summary>Never one that was there before: whatever is gone stays gone.</summary>
        private long NewId(IReadOnlyList<long> ids) => (Next(2) == 0 ? ids[^1] + 1_000 : 1_000) + ++_made;

        private Fault MakeFault()
        {
            var ids = _simulator.Catalogue.Trainings.Ids;
            var offset = Next(5) * 30;
            bool AtOffset(Simulator.Recording.RecordedRequest request) => request.Path == "/trainings.json" && request.Parameter("offset") == $"{offset}";
            Fault Answer(IEnumerable<long> items, int total) => new() { When = AtOffset, Times = 1, Status = 200, Body = Body(items, offset, total) };
            var page = ids.Skip(offset).Take(30).ToList();
            return Next(11) switch
            {
                0 => new Fault { When = AtOffset, Times = Next(1, 4), Status = 500 },
                1 => new Fault { When = AtOffset, Times = 1, Status = 200, Body = "<html><body>Even geduld</body></html>", ContentType = "text/html" },
                2 => new Fault { When = AtOffset, Times = 1, Kind = FaultKind.Truncate },
                3 => new Fault { When = AtOffset, Times = 1, Kind = FaultKind.Close },
                4 => Answer([], ids.Count),
                5 => Answer(page, ids.Count / 2),
                6 => Answer(page, ids.Count * 2),
                7 => Answer(ids.Take(30), ids.Count),
                8 => Answer(page.Take(Next(30)), ids.Count),
                9 => Answer(page.AsEnumerable().Reverse().Concat(page.Take(2)), ids.Count),
                _ => Answer([], 0),
            };
        }

        private string Body(IEnumerable<long> ids, int offset, int total)
            => new JsonObject
            {
                ["meta"] = new JsonObject { ["results"] = total, ["offset"] = offset },
                ["trainings"] = new JsonArray([.. ids.Select(id => _simulator.Catalogue.Trainings.Get(id)).OfType<JsonNode>()]),
            }.ToJsonString();

        private async Task WebhookAsync()
        {
            await using var app = await StartAsync();
            await RefreshAsync(app, Next(Math.Max(1, _touched.Count)));
        }

        private async Task RefreshAsync(MirrorApp app, int index)
        {
            long id;
            lock (_random)
            {
                if (index >= _touched.Count)
                    return;
                id = _touched[index];
                _touched.RemoveAt(index);
            }

            await app.Mirror.RefreshAsync("nl", CatalogueResource.Trainings, id, ChangeSource.Webhook, QuotaClass.Webhook, TestContext.Current.CancellationToken);
        }

        /// <summary>Ids never come back, so what is marked deleted must be gone at the API.</summary>
        private async Task CheckDeletesAsync()
        {
            await using var app = await StartAsync();
            var present = _simulator.Catalogue.Trainings.Ids.ToHashSet();
            Assert.DoesNotContain((await app.RowsAsync(Tables.Trainings)).Values, row => row.ContainsKey("DeletedAt") && present.Contains(long.Parse(row.RowKey)));
        }

        /// <summary>The changes of each record form a chain from its creation to its row.</summary>
        private static async Task CheckChangesAsync(MirrorApp app)
        {
            var changes = (await app.RowsAsync(Tables.Changes)).Values.ToLookup(change => change.GetInt64("Id")!.Value);
            foreach (var row in (await app.RowsAsync(Tables.Trainings)).Values)
            {
                TableEntity? last = null;
                foreach (var change in changes[long.Parse(row.RowKey)])
                {
                    Assert.Equal(last?["HashAfter"], change.GetString("HashBefore"));
                    Assert.Equal(last?.GetString("HashAfter") is null, change.GetString("Change") == "Created");
                    last = change;
                }

                Assert.Equal(row.ContainsKey("DeletedAt") ? null : row["Hash"], last?.GetString("HashAfter"));
            }
        }

        /// <summary>The broken answers escape differently, which is no change.</summary>
        private static bool AreSame(string one, string other) => JsonNode.DeepEquals(JsonNode.Parse(one), JsonNode.Parse(other));

        private Dictionary<long, string> Data() => _simulator.Catalogue.Trainings.Ids.ToDictionary(id => id, id => _simulator.Catalogue.Trainings.Json(id)!);

        private Task<MirrorApp> StartAsync()
            => MirrorApp.StartAsync(storage, _prefix, _simulator, new()
            {
                ["Springest:Sites:nl:Retries"] = "0",
                ["Springest:Mirror:Prefetch"] = $"{1 + (seed % 4)}",
                ["Springest:Mirror:DeleteHoldShare"] = "1",
            });
    }
}
