using Microsoft.Extensions.Time.Testing;
using Springest.Functions.Catalogue;
using Springest.Testing.Memory;
using Catalogues = Springest.Functions.Catalogue.Resources;

namespace Springest.Testing.Catalogue;

/// <summary>
/// How old a change gets before the mirror has it, without webhooks: in virtual time, with the default schedule and an API that
/// answers no faster than half of the quota allows.
/// </summary>
internal static class Staleness
{
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(5);

    /// <param name="trainings">Size of the catalogue. The API is the slower the smaller it is, so that a full pass takes the same
    /// time.</param>
    /// <param name="settings">Which passes there are.</param>
    /// <param name="length">How long to watch.</param>
    /// <param name="changes">How many changes to make in this time, each to another training.</param>
    /// <param name="seed">Of the changes.</param>
    /// <returns>The age of the change that had to wait longest.</returns>
    public static async Task<TimeSpan> MeasureAsync(
        int trainings,
        Dictionary<string, string?> settings,
        TimeSpan length,
        int changes,
        int seed)
    {
        var (clock, random) = (new FakeTimeProvider(), new Random(seed));
        using var memory = new MemoryStorage(clock) { AnswersAtOnce = true };
        using var api = new ChaosApi(clock);
        for (var id = 1; id <= trainings; id++)
            api.Put(id, "Old");
        clock.Advance(TimeSpan.FromDays(5));
        await using var app = await MirrorApp.StartAsync(
            MemoryStorage.ConnectionString,
            "staleness",
            new Uri("https://api.example"),
            new(settings)
            {
                ["Springest:Quota:Limit"] = "60000",
                // An answer takes longer than most do.
                ["Springest:Sites:nl:AttemptTimeout"] = "00:01:00",
                ["Springest:Mirror:Prefetch"] = $"{Math.Max(1, 8 * trainings / 30_000)}",
            },
            clock,
            memory,
            api);
        await app.CompleteAsync();

        var (begin, ids) = (clock.GetUtcNow(), Enumerable.Range(1, trainings).ToArray());
        random.Shuffle(ids);
        var due = new Queue<(DateTimeOffset Time, int Id)>(
            ids.Take(changes).Select(id => (Time: begin + (random.NextDouble() * length), Id: id)).OrderBy(change => change.Time).ToList());
        var made = new Dictionary<long, DateTimeOffset>();
        var pace = TimeSpan.FromHours(1) / 2000 * (30_000.0 / trainings);
        api.Before = () =>
        {
            clock.Advance(pace);
            MakeDue();
            return Task.CompletedTask;
        };
        // One more hour, so that the last ones arrive as well.
        while (clock.GetUtcNow() < begin + length + TimeSpan.FromHours(1))
        {
            clock.Advance(Tick - TimeSpan.FromTicks(clock.GetUtcNow().Ticks % Tick.Ticks));
            MakeDue();
            await app.TickAsync();
        }

        var arrived = (await app.RowsAsync(CatalogueStorage.Changes)).Values
            .Where(change => change.GetString("Change") == "Updated")
            .ToDictionary(change => change.GetInt64("Id")!.Value, change => change.GetDateTimeOffset("ChangedAt")!.Value);
        return made.Max(change => arrived[change.Key] - change.Value);

        void MakeDue()
        {
            while (due.TryPeek(out var change) && change.Time <= clock.GetUtcNow())
            {
                api.Put(change.Id, "New");
                made[change.Id] = change.Time;
                due.Dequeue();
            }
        }
    }

    /// <summary>
    /// A share of 30,000 trainings, 180,000 reviews and 4,000 requests an hour, with the default schedules and intervals.
    /// </summary>
    /// <param name="scale">The share; a tenth takes a tenth of the time to simulate.</param>
    /// <param name="share">Of the trainings, which change in a day.</param>
    /// <param name="days">How long to watch.</param>
    /// <param name="seed">Of the changes.</param>
    /// <param name="trouble">What the API gets wrong, by the time since the changes began; only with trainings below 100.</param>
    /// <returns>Each change: when it was made, since the changes began, and how long it had to wait.</returns>
    public static async Task<List<(TimeSpan Made, TimeSpan Age)>> MeasureAtQuotaAsync(
        double scale, double share, double days, int seed, Action<ChaosApi, TimeSpan> trouble)
    {
        var trainings = (int)(30_000 * scale);
        var (clock, random) = (new FakeTimeProvider(), new Random(seed));
        using var memory = new MemoryStorage(clock) { AnswersAtOnce = true };
        using var api = new ChaosApi(clock) { Reviews = (int)(180_000 * scale) };
        for (var id = 1; id <= trainings; id++)
            api.Put(id, "Old");
        clock.Advance(TimeSpan.FromDays(5));
        await using var app = await MirrorApp.StartAsync(
            MemoryStorage.ConnectionString,
            "quota",
            new Uri("https://api.example"),
            new(ByDelta)
            {
                ["Springest:Quota:Limit"] = $"{4_000 * scale:0}",
                ["Springest:Mirror:Reviews:FullPassInterval"] = "7.00:00:00",
                ["Springest:Mirror:Prefetch"] = $"{Math.Max(1, 8 * scale):0}",
                ["Springest:Mirror:DeleteHoldShare"] = "1",
                ["Springest:Sites:nl:Retries"] = "0",
            },
            clock,
            memory,
            api);
        var made = new List<(long Id, DateTimeOffset Due, DateTimeOffset Put)>();
        // Changes begin shortly before the daily pass over all trainings and the second pass over all reviews.
        var start = clock.GetUtcNow();
        var (begin, end) = (DateTimeOffset.MaxValue, start + TimeSpan.FromDays(6.9 + days));
        var isRead = false;
        api.Before = () =>
        {
            clock.Advance(TimeSpan.FromSeconds(0.05 / scale));
            MakeDue();
            return Task.CompletedTask;
        };
        for (var tick = 0; clock.GetUtcNow() < end + TimeSpan.FromHours(3); tick++)
        {
            clock.Advance(Tick - TimeSpan.FromTicks(clock.GetUtcNow().Ticks % Tick.Ticks));
            // The first passes are over, and nothing changes yet: the days between are left out. The daily pass that is due then comes at
            // once, and the next one a day later.
            if (!isRead && clock.GetUtcNow() > start + TimeSpan.FromDays(0.75))
            {
                isRead = true;
                clock.Advance(start + TimeSpan.FromDays(5.95) - clock.GetUtcNow());
            }

            if (begin == DateTimeOffset.MaxValue && clock.GetUtcNow() > end - TimeSpan.FromDays(days))
                begin = clock.GetUtcNow();
            if (begin <= clock.GetUtcNow())
                trouble(api, clock.GetUtcNow() - begin);
            MakeDue();
            await PumpAsync(app.TickAsync());
            if (tick % 3 == 0)
                await PumpAsync(app.TickAsync(Catalogues.Reviews.Description));
        }

        var arrived = (await app.RowsAsync(CatalogueStorage.Changes)).Values
            .Where(change => change.PartitionKey == "nl:Trainings")
            .ToLookup(change => change.GetInt64("Id")!.Value, change => change.GetDateTimeOffset("ChangedAt")!.Value);
        return made.ConvertAll(change => (
            change.Due - begin,
            arrived[change.Id].Where(time => time >= change.Put).DefaultIfEmpty(DateTimeOffset.MaxValue).Min() - change.Due));

        // Who waits for a permit waits for the clock.
        async Task PumpAsync(Task tick)
        {
            while (await Task.WhenAny(tick, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System)) != tick)
                clock.Advance(TimeSpan.FromSeconds(1));
            await tick;
        }

        void MakeDue()
        {
            var now = clock.GetUtcNow() < end ? clock.GetUtcNow() : end;
            while (begin < now && begin + (made.Count / (share * trainings) * TimeSpan.FromDays(1)) is var due && due <= now)
            {
                var id = random.Next(100, trainings + 1);
                made.Add((id, due, clock.GetUtcNow()));
                api.Put(id, $"Change {made.Count}");
            }
        }
    }

    /// <summary>Full passes one after another.</summary>
    public static Dictionary<string, string?> ByFullPasses
        => new() { ["Springest:Mirror:Trainings:FullPassInterval"] = "00:01:00", ["Springest:Mirror:Trainings:DeltaInterval"] = "" };

    /// <summary>As it is without settings: a full pass every day, and deltas.</summary>
    public static Dictionary<string, string?> ByDelta => new() { ["Springest:Mirror:Trainings:FullPassInterval"] = "1.00:00:00" };
}
