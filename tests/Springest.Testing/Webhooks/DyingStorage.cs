namespace Springest.Testing.Webhooks;

/// <summary>Storage as an instance sees it that dies at some request, or whose network fails now and then.</summary>
internal sealed class DyingStorage(HttpMessageHandler storage) : DelegatingHandler(storage)
{
    private readonly Lock _lock = new();
    private int _left = int.MaxValue;
    private bool _answerLost;
    private Random? _random;
    private double _share;

    /// <summary>Whether the instance dies now, asked before each request.</summary>
    public Func<bool>? DiesWhen { get; set; }

    /// <summary>How many requests there were.</summary>
    public int Count { get; private set; }

    /// <summary>Makes the instance die at the nth request from now: before it is sent, or when it has been carried out.</summary>
    public void KillAt(int request, bool answerLost) => (_left, _answerLost) = (request, answerLost);

    /// <summary>Makes a share of all requests fail, half of them although they are carried out.</summary>
    public void FailNowAndThen(Random random, double share) => (_random, _share) = (random, share);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (before, after) = Fate();
        if (before)
            throw Cut();
        var answer = await base.SendAsync(request, cancellationToken);
        return after || _left <= 0 ? throw Cut() : answer;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    private (bool Before, bool After) Fate()
    {
        lock (_lock)
        {
            Count++;
            if (DiesWhen?.Invoke() == true)
                _left = 0;
            if (_left <= 0 || (--_left == 0 && !_answerLost))
                return (true, true);
            return _random?.NextDouble() < _share ? (_random.Next(2) == 0, true) : (false, false);
        }
    }

    private static HttpRequestException Cut() => new("The connection was cut.");
}
