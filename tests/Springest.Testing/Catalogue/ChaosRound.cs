using System.Globalization;
using System.Net;
using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Testing.Memory;

namespace Springest.Testing.Catalogue;

/// <summary>
/// Crawls over data that change between any two requests, with answers that go wrong, webhooks, runs that die and runs that go on
/// after another has taken over. Then the world falls quiet. On storage in memory a seed nearly always goes the same way.
/// </summary>
internal sealed class ChaosRound(string storage, MemoryStorage? memory, TimeProvider clock, Action<TimeSpan> advance, int seed)
    : IDisposable
{
    private readonly Random _random = new(seed);
    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..12];
    private readonly ChaosApi _api = new(clock);
    private readonly List<long> _touched = [];
    private readonly List<string> _read = [];
    private int _made;
    private MirrorApp _watcher = null!;

    public static ChaosRound InMemory(int seed)
    {
        var clock = new FakeTimeProvider();
        return new ChaosRound(
            MemoryStorage.ConnectionString,
            new MemoryStorage(clock) { AnswersAtOnce = true },
            clock,
            clock.Advance,
            seed);
    }

    public static ChaosRound OnServer(string storage, int seed)
    {
        var clock = new ShiftedClock();
        return new ChaosRound(storage, memory: null, clock, by => clock.Shift += by, seed);
    }

    public async Task RunAsync()
    {
        for (var count = Next(1, 130); count > 0; count--)
            _api.Put(700_000 + _api.Records.Count, "Old");
        _api.TellsTotal = Next(4) > 0;
        advance(TimeSpan.FromDays(5));
        await using var watcher = await StartAsync();
        _watcher = watcher;
        try
        {
            for (var ticks = Next(2, 7); ticks > 0; ticks--)
                await RoughTickAsync();
            await QuietAsync();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"SEED={seed}: {failure.Message}", failure);
        }
    }

    public void Dispose() => _api.Dispose();

    private async Task RoughTickAsync()
    {
        await using var app = await StartAsync();
        _api.Before = () =>
        {
            advance(TimeSpan.FromMilliseconds(Next(600)));
            Shift();
            return Task.CompletedTask;
        };
        var faults = Enumerable.Range(0, Next(4)).Select(_ => MakeFault()).ToList();
        _api.Fault = offset => faults.Find(fault => fault.Offset == offset && fault.Times-- > 0)?.Answer();
        _api.LookUpFault = id => id % 5 == 0 && Next(2) == 0 ? ChaosApi.Answer("", HttpStatusCode.InternalServerError) : null;
        if (Next(3) == 0)
            app.Tap.KillAt(Next(1, 40), answerLost: Next(2) == 0);
        app.Tap.Before = _ => Next(60) switch { < 4 => WebhookAsync(), 4 => TakeOverAsync(), _ => Task.CompletedTask };
        try
        {
            await app.TickAsync();
        }
        catch (Exception failure) when (failure is KilledException or TimeoutException or Client.SpringestException)
        {
            await _watcher.ExpireLeaseAsync();
        }

        (_api.Before, _api.Fault, _api.LookUpFault) = (() => Task.CompletedTask, _ => null, _ => null);
        await CheckDeletesAsync();
        await ReadChangesAsync();
        advance(TimeSpan.FromMinutes(Next(1, 90)));
    }

    /// <summary>The pass in progress, and then one that sees only a world at rest; a third for deletes.</summary>
    private async Task QuietAsync()
    {
        await using var app = await StartAsync();
        await RefreshTouchedAsync();
        await CompleteAsync(app);
        await CompleteAsync(app);
        var mirror = await app.RecordsAsync();
        foreach (var (id, json) in _api.Records)
            Require(mirror.TryGetValue(id, out var mirrored) && mirrored == json, $"Record {id} is not in the mirror as it is at the API.");

        // That nothing at all is left is for a person to say.
        if (_api.Records.Count == 0)
            await app.Store.Commands(new("nl", Trainings.Description)).EnqueueAsync(SyncCommand.Release, null, CancellationToken.None);
        await CompleteAsync(app);
        await RefreshTouchedAsync();
        Require(_touched.Count == 0, $"Of records {string.Join(", ", _touched)} the API could not say whether they are there.");
        Require(_api.Records.Keys.SequenceEqual((await app.RecordsAsync()).Keys.Order()), "The mirror holds other records than the API.");
        await CheckDeletesAsync();
        await CheckChangesAsync();
    }

    private async Task CompleteAsync(MirrorApp app)
    {
        // So that a full pass is due, and no lock is left.
        advance(TimeSpan.FromHours(2));
        await app.CompleteAsync();
    }

    /// <summary>Now and then the data change.</summary>
    private void Shift()
    {
        if (Next(3) != 0 || _api.Records.Count == 0)
            return;
        var ids = _api.Records.Keys.ToList();
        var id = ids[Next(ids.Count)];
        switch (Next(3))
        {
            case 0:
                _api.Remove(id);
                break;
            case 1:
                // Anywhere, so that everything behind it shifts; never an id that was there before: whatever is gone stays gone.
                id = (Next(2) == 0 ? ids[^1] + 1_000 : 1_000) + ++_made;
                _api.Put(id, "New");
                break;
            default:
                _api.Put(id, $"Name {Next(int.MaxValue)}");
                break;
        }

        _touched.Add(id);
    }

    private Fault MakeFault()
    {
        var (ids, offset) = (_api.Records.Keys.ToList(), Next(5) * 30);
        var page = ids.Skip(offset).Take(30).ToList();
        return Next(11) switch
        {
            0 => new(offset, Next(1, 4), () => ChaosApi.Answer("", HttpStatusCode.InternalServerError)),
            1 => new(offset, 1, () => ChaosApi.Answer("<html><body>Even geduld</body></html>")),
            2 => new(offset, 1, () => ChaosApi.Answer("""{"meta":{"results":9,"offset":0},"trainings":[{"id":1,""")),
            3 => new(offset, 1, () => throw new HttpRequestException("The connection was cut.")),
            4 => Wrong([], ids.Count),
            5 => Wrong(page, ids.Count / 2),
            6 => Wrong(page, ids.Count * 2),
            7 => Wrong(ids.Take(30), ids.Count),
            8 => Wrong(page.Take(Next(30)), ids.Count),
            9 => Wrong(page.AsEnumerable().Reverse().Concat(page.Take(2)), ids.Count),
            _ => Wrong([], 0),
        };

        Fault Wrong(IEnumerable<long> items, int total) =>
            new(
                offset,
                1,
                () => ChaosApi.Answer(ChaosApi.Page(items.Select(id => _api.Records.GetValueOrDefault(id)).OfType<string>(), offset, total))
            );
    }

    /// <summary>What cannot be told apart from an API that has lost everything stays until the passes have told.</summary>
    private async Task RefreshTouchedAsync()
    {
        for (var index = _touched.Count - 1; index >= 0; index--)
            await RefreshAsync(index);
    }

    private Task WebhookAsync() => RefreshAsync(Next(Math.Max(1, _touched.Count)));

    private async Task RefreshAsync(int index)
    {
        long id;
        lock (_random)
        {
            if (index >= _touched.Count)
                return;
            id = _touched[index];
            _touched.RemoveAt(index);
        }

        try
        {
            await _watcher.Mirror.RefreshAsync(
                new("nl", Trainings.Description),
                id,
                () => Task.FromResult(true),
                CancellationToken.None);
        }
        catch (Client.SpringestException)
        {
            // It stays in the inbox.
            lock (_random)
                _touched.Add(id);
        }
    }

    /// <summary>As when a run was silent for too long: another has begun, and the one before does not know.</summary>
    private async Task TakeOverAsync()
    {
        await using var other = await StartAsync();
        await _watcher.ExpireLeaseAsync();
        try
        {
            await other.TickAsync();
        }
        catch (Client.SpringestException)
        {
        }
    }

    /// <summary>A reader who keeps to the cursor.</summary>
    private async Task ReadChangesAsync()
    {
        var feed = _watcher.Store.Changes(new("nl", Trainings.Description));
        await foreach (var change in feed.ReadAsync(_read.LastOrDefault() ?? "", CancellationToken.None))
            _read.Add(change.RowKey);
    }

    /// <summary>Ids never come back, so what is marked deleted must be gone at the API.</summary>
    private async Task CheckDeletesAsync()
        => Require(
            (await _watcher.RowsAsync(nameof(Trainings))).Values.All(row =>
                !row.ContainsKey("DeletedAt") || !_api.Records.ContainsKey(long.Parse(row.RowKey, CultureInfo.InvariantCulture))),
            "A record that is there was deleted.");

    /// <summary>The changes of each record form a chain from its creation to its row, and a reader saw every one of them.</summary>
    private async Task CheckChangesAsync()
    {
        var all = await _watcher.RowsAsync(CatalogueStorage.Changes);
        var changes = all.Values.ToLookup(change => change.GetInt64("Id")!.Value);
        foreach (var row in (await _watcher.RowsAsync(nameof(Trainings))).Values)
        {
            TableEntity? last = null;
            foreach (var change in changes[long.Parse(row.RowKey, CultureInfo.InvariantCulture)])
            {
                Require(
                    Equals(last?["HashAfter"], change.GetString("HashBefore")),
                    $"A change of record {row.RowKey} does not follow from the one before.");
                Require(
                    last?.GetString("HashAfter") is null == (change.GetString("Change") == "Created"),
                    $"Record {row.RowKey} was created twice.");
                last = change;
            }

            Require(
                Equals(row.ContainsKey("DeletedAt") ? null : row["Hash"], last?.GetString("HashAfter")),
                $"The last change of record {row.RowKey} is not that of its row.");
        }

        advance(TimeSpan.FromMinutes(5));
        await ReadChangesAsync();
        Require(all.Keys.SequenceEqual(_read), "A reader of the changes missed some.");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }

    private int Next(int from, int to)
    {
        lock (_random)
            return _random.Next(from, to);
    }

    private int Next(int to) => Next(0, to);

    private Task<MirrorApp> StartAsync()
        => MirrorApp.StartAsync(
            storage,
            _prefix,
            new Uri("https://api.example"),
            new()
            {
                ["Springest:Sites:nl:Retries"] = "0",
                // Nobody moves the clock on while a list is left alone because it failed.
                ["Springest:Sites:nl:BreakDuration"] = "00:00:00",
                ["Springest:Quota:Limit"] = "60000",
                ["Springest:Mirror:Prefetch"] = $"{1 + (seed % 4)}",
                // A tick in two is out of time now and then; not by the system's clock, by which every tick may be on a busy machine.
                ["Springest:Mirror:TimeBudget"] = memory is not null && seed % 2 == 0 ? "00:00:01" : "00:04:40",
                ["Springest:Mirror:LeaseDuration"] = memory is not null ? "00:01:00" : "01:00:00",
                ["Springest:Mirror:DeleteHoldShare"] = "1",
                ["Springest:Mirror:Trainings:FullPassInterval"] = "01:00:00",
                ["Springest:Mirror:Trainings:DeltaInterval"] = "00:10:00",
            },
            clock,
            memory,
            _api,
            // The quota has tests of its own. Here it uses the system's clock: the fake one may stand still while the quota waits.
            TimeProvider.System);

    private sealed class Fault(int offset, int times, Func<HttpResponseMessage> answer)
    {
        public int Offset => offset;

        public int Times { get; set; } = times;

        public Func<HttpResponseMessage> Answer => answer;
    }
}
