using Microsoft.AspNetCore.Http;
using Springest.Testing;

namespace Springest.Functions.Tests.Quota;

/// <summary>What a <see cref="StorageProxy"/> does that cuts, delays and repeats requests at random.</summary>
internal sealed class BadNetwork(int seed)
{
    private readonly Random _random = new(seed);
    private int _cut;
    private int _delayed;
    private int _repeated;

    /// <summary>The share of requests that each of the faults strikes.</summary>
    public double Trouble { get; init; }

    public (int Cut, int Delayed, int Repeated) Faults => (_cut, _delayed, _repeated);

    public async Task<HttpResponseMessage?> ExchangeAsync(HttpRequest request, Func<Task<HttpResponseMessage>> sendAsync)
    {
        if (Strikes(ref _cut))
            return null;
        await TravelAsync();
        if (Strikes(ref _repeated))
            (await sendAsync()).Dispose();
        var answer = await sendAsync();
        await TravelAsync();
        if (!Strikes(ref _cut))
            return answer;
        answer.Dispose();
        return null;
    }

    private Task TravelAsync()
        => Strikes(ref _delayed) ? Task.Delay(TimeSpan.FromMilliseconds(50 + Next() * 950), TimeProvider.System) : Task.CompletedTask;

    private bool Strikes(ref int count)
    {
        if (Next() >= Trouble)
            return false;
        Interlocked.Increment(ref count);
        return true;
    }

    private double Next()
    {
        lock (_random)
            return _random.NextDouble();
    }
}
