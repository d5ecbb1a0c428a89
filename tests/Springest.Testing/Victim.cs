using Microsoft.AspNetCore.Http;

namespace Springest.Testing;

/// <summary>An instance of the app with its own path to storage. It is killed at one of its requests, and can be started again.</summary>
internal sealed class Victim : IAsyncDisposable
{
    private readonly StorageProxy _storage;
    private readonly Func<string, Task<AppProcess>> _start;
    private readonly Func<HttpRequest, ValueTask<bool>> _counts;
    private AppProcess? _app;
    private TaskCompletionSource _death = new();
    private int _left;
    private bool _afterwards;

    private Victim(StorageProxy storage, Func<string, Task<AppProcess>> start, Func<HttpRequest, ValueTask<bool>> counts)
    {
        (_storage, _start, _counts) = (storage, start, counts);
        storage.Exchange = ExchangeAsync;
    }

    /// <summary>Ends when it is killed at a request.</summary>
    public Task Death => _death.Task;

    public bool IsDead => Death.IsCompleted;

    public AppProcess App => _app ?? throw new InvalidOperationException("It was never started.");

    /// <summary>Opens the path to storage; the app is yet to be started.</summary>
    /// <param name="azurite">Where its storage is.</param>
    /// <param name="start">Starts the app with a connection string.</param>
    /// <param name="counts">Whether a request is one of those at which it may be killed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Victim> OpenAsync(
        Azurite azurite,
        Func<string, Task<AppProcess>> start,
        Func<HttpRequest, ValueTask<bool>> counts,
        CancellationToken cancellationToken)
        => new(await StorageProxy.StartAsync(azurite, cancellationToken), start, counts);

    /// <summary>Starts the app; one that runs is ended.</summary>
    public async Task StartAsync()
    {
        Spare();
        if (_app is not null)
            await _app.DisposeAsync();
        _death = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _app = await _start(_storage.ConnectionString);
    }

    /// <summary>Kills it at the nth request from now, before or after that is carried out.</summary>
    public void KillAt(int request, bool afterwards) => (_afterwards, _left) = (afterwards, request);

    public void Spare() => _left = int.MaxValue;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        await _storage.DisposeAsync();
    }

    private async Task<HttpResponseMessage?> ExchangeAsync(HttpRequest request, Func<Task<HttpResponseMessage>> send)
    {
        if (IsDead)
            return null;
        if (!await _counts(request) || Interlocked.Decrement(ref _left) != 0)
            return await send();
        var (app, death) = (App, _death);
        if (_afterwards)
            (await send()).Dispose();
        // In this order: who sees that it is dead starts the next.
        app.Kill();
        death.SetResult();
        return null;
    }
}
