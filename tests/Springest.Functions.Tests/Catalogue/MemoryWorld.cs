using Microsoft.Extensions.Time.Testing;
using Springest.Functions.Catalogue.Sync;
using Springest.Testing.Catalogue;
using Springest.Testing.Memory;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>Trainings, a storage and a clock, all in memory, and an instance of the app at a time.</summary>
internal sealed class MemoryWorld : IDisposable
{
    private readonly MemoryStorage _memory;

    /// <param name="trainings">How many there are, with ids from 1.</param>
    public MemoryWorld(int trainings)
    {
        _memory = new MemoryStorage(Clock) { AnswersAtOnce = true };
        Api = new ChaosApi(Clock);
        for (var id = 1; id <= trainings; id++)
            Api.Put(id, "Old");
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero));

    public ChaosApi Api { get; }

    /// <param name="settings">Beside the usual ones.</param>
    /// <param name="clock">How this app sees the world's clock.</param>
    public Task<MirrorApp> StartAsync(Dictionary<string, string?>? settings = null, TimeProvider? clock = null)
    {
        var all = new Dictionary<string, string?> { ["Springest:Sites:nl:Retries"] = "0", ["Springest:Mirror:Prefetch"] = "1" };
        foreach (var (name, value) in settings ?? [])
            all[name] = value;
        return MirrorApp.StartAsync(MemoryStorage.ConnectionString, "t", new Uri("https://api.example"), all, clock ?? Clock, _memory, Api);
    }

    /// <summary>A tick, five minutes after the last.</summary>
    public Task<SyncOutcome> TickAsync(MirrorApp app)
    {
        Clock.Advance(TimeSpan.FromMinutes(5));
        return app.TickAsync();
    }

    /// <summary>Ticks until a pass has come to its end.</summary>
    /// <returns>How many it took.</returns>
    public async Task<int> CompleteAsync(MirrorApp app)
    {
        for (var ticks = 1; ticks <= 20; ticks++)
        {
            if (await TickAsync(app) is SyncOutcome.Completed)
                return ticks;
        }

        throw new InvalidOperationException("The pass does not end.");
    }

    public void Dispose()
    {
        Api.Dispose();
        _memory.Dispose();
    }
}
