using System.Net;
using System.Text;

namespace Springest.Testing.Webhooks;

/// <summary>
/// The app as a process that takes webhooks in and applies them, killed time and again at some request to storage, and started anew.
/// </summary>
internal sealed class WebhookProcessKills : IAsyncDisposable
{
    private readonly StorageProxy _storage;
    private readonly Func<string, Task<AppProcess>> _start;
    private AppProcess? _app;
    private int _left = int.MaxValue;
    private bool _answerLost;
    private volatile bool _isDead;

    private WebhookProcessKills(StorageProxy storage, Func<string, Task<AppProcess>> start)
    {
        (_storage, _start) = (storage, start);
        _storage.Exchange = (_, send) => ExchangeAsync(send);
    }

    /// <summary>Kills as often as told, while webhooks come in.</summary>
    /// <returns>How often a process was killed, and what of the acknowledged is lost, or null.</returns>
    public static async Task<(int Killed, string? Wrong)> RunAsync(
        Azurite azurite,
        int seed,
        int kills,
        CancellationToken cancellationToken)
    {
        await using var world = await WebhookWorld.StartAsync(azurite.ConnectionString);
        var (random, acknowledged, killed) = (new Random(seed), new HashSet<long>(), 0);
        var settings = world.Settings(random.Next(2) * 100);
        await using var witness = new WebhookInstance(settings, azurite.ConnectionString);
        await world.FillAsync(witness);
        await using var victim = new WebhookProcessKills(
            await StorageProxy.StartAsync(azurite, cancellationToken),
            storage => world.StartProcessAsync(storage, settings, cancellationToken));
        while (killed < kills)
        {
            await victim.StartAsync(random.Next(1, 60), random.Next(2) == 0);
            while (!victim._isDead)
                await world.TellAsync(body => victim.DeliverAsync(body, cancellationToken), random, random.Next(1, 5), acknowledged);
            // Now and then the next process has to cope with what this one left.
            if (++killed < kills && random.Next(3) == 0)
                continue;
            await witness.FinishAsync();
            if (await world.CompareAsync(witness, acknowledged.Contains) is { } wrong)
                return (killed, $"seed {seed}, {killed} processes killed: {wrong}");
        }

        return (killed, null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        await _storage.DisposeAsync();
    }

    /// <summary>
    /// Starts it, to be killed at the nth request that it makes from then on: before that is sent on, or when it has been carried out.
    /// </summary>
    private async Task StartAsync(int request, bool answerLost)
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _isDead = false;
        _app = await _start(_storage.ConnectionString);
        (_answerLost, _left) = (answerLost, request);
    }

    private async Task<HttpResponseMessage?> ExchangeAsync(Func<Task<HttpResponseMessage>> send)
    {
        if (_isDead)
            return null;
        if (Interlocked.Decrement(ref _left) != 0)
            return await send();
        if (_answerLost)
            (await send()).Dispose();
        // In this order: who sees that it is dead starts the next.
        _app!.Kill();
        _isDead = true;
        return null;
    }

    private async Task<bool> DeliverAsync(string json, CancellationToken cancellationToken)
    {
        try
        {
            return await _app!.PostWebhookAsync(Encoding.UTF8.GetBytes(json), cancellationToken) is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
