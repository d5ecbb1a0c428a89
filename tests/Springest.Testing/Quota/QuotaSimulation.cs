using Springest.Functions.Quota;

namespace Springest.Testing.Quota;

/// <summary>
/// One schedule, drawn from a seed: a scaled-down quota, 1 to 200 instances, in part of the version before, and all that can go wrong
/// between them, storage and server.
/// </summary>
internal sealed class QuotaSimulation
{
    // Many schedules show more than long ones.
    private const int MaxEvents = 12_000;

    private readonly QuotaWorld _world;
    private readonly double _trouble;
    private readonly long _hold;
    private readonly double _before;

    /// <param name="seed">What everything follows from.</param>
    /// <param name="weakness">A fault to put into the world, to see whether it is found.</param>
    public QuotaSimulation(int seed, Weakness weakness = Weakness.None)
    {
        var random = new Random(seed);
        var options = Draw(random);
        _hold = options.Hold.Ticks;
        _trouble = random.Next(3) switch { 0 => 0, 1 => 0.02, _ => 0.15 };
        _world = new QuotaWorld(seed, options) { AttemptTimeout = options.LongestAttempt * (weakness == Weakness.LongAttempts ? 2 : 1) };
        (_world.Store.Trouble, _world.Store.Longest) = (_trouble, TimeSpan.FromTicks(2 * _hold));
        _world.Store.Latency = TimeSpan.FromSeconds(random.Next(3) switch { 0 => 0.002, 1 => 0.05, _ => 0.5 });
        // A request may well be longer on its way than the client waits for it.
        _world.Server.Longest = _world.AttemptTimeout * (random.Next(6) == 0 ? 3 : 1);
        (_world.Server.Late, _world.Server.Broken) = (random.Next(3) switch { 0 => 0, 1 => 0.5, _ => 0.9 }, _trouble);
        _world.Server.Repeats = weakness == Weakness.TransportRepeats ? 3 : 0;
        _before = random.Next(3) == 0 ? 0.5 : 0;
        _world.Server.Refused = random.Next(4) == 0 ? 0.02 : 0;
        _world.Server.Pause = () => random.Next(4) switch
        {
            0 => null, 1 => TimeSpan.Zero, 2 => TimeSpan.FromSeconds(random.NextDouble()), _ => options.Window * random.NextDouble() * 2,
        };
    }

    /// <summary>What a schedule can be made to suffer from.</summary>
    public enum Weakness
    {
        None,

        /// <summary>The transport sends a request again without a permit when a connection breaks.</summary>
        TransportRepeats,

        /// <summary>An attempt may take longer than the slack.</summary>
        LongAttempts,
    }

    public int Limit => _world.Options.Limit;

    public int Requests => _world.Server.Handled;

    /// <summary>The most requests that the server handled in any trailing window.</summary>
    public int Most { get; private set; }

    /// <summary>Requests to storage in a minute in which nobody wants anything, after all that happened is over.</summary>
    public int Idle { get; private set; }

    public void Run()
    {
        var instances = _world.Random.Next(5) switch
        {
            0 => 1,
            1 => 2,
            2 => _world.Random.Next(3, 12),
            3 => 20,
            _ => _world.Random.Next(12, 201),
        };
        for (var i = 0; i < instances; i++)
            Join(instances);
        _world.End = _world.Time.Now + 4 * _hold;
        for (var i = _world.Random.Next(2, 12); i > 0; i--)
            _world.Time.After(_world.Between(0, 4 * _hold), () => Happen(instances));

        _world.Time.RunUntil(_world.End, MaxEvents);
        // Nobody begins anything any more; what is under way, and what is still to go wrong, comes to its end.
        (_world.End, _world.Store.Latency) = (_world.Time.Now, TimeSpan.FromMilliseconds(2));
        _world.Time.RunUntil(_world.End + 8 * _hold + TimeSpan.TicksPerMinute, 10 * MaxEvents);
        Most = _world.MostInWindow();
        var before = _world.Store.Requests;
        _world.Time.RunUntil(_world.Time.Now + TimeSpan.TicksPerMinute, MaxEvents);
        Idle = _world.Store.Requests - before;
    }

    private static QuotaOptions Draw(Random random)
    {
        var window = 2 + 8 * random.NextDouble();
        return new QuotaOptions
        {
            // With few permits every one of them matters: a single one that returns too early shows at once.
            Limit = random.Next(2) == 0 ? random.Next(1, 3) : random.Next(3, 16),
            Window = TimeSpan.FromSeconds(window),
            GrantLife = TimeSpan.FromSeconds(window * (0.02 + 0.2 * random.NextDouble())),
            LongestAttempt = TimeSpan.FromSeconds(window * (0.05 + 0.4 * random.NextDouble())),
            SubmissionPatience = TimeSpan.FromSeconds(window * random.NextDouble()),
            BlockTime = TimeSpan.FromSeconds(window / 10),
        };
    }

    private void Join(int instances)
    {
        var window = _world.Options.Window;
        _world.Start(isOfVersionBefore: _world.Random.NextDouble() < _before).Add(
            instances > 20 ? 1 : _world.Random.Next(1, 5), (QuotaClass)_world.Random.Next(4), window * (_world.Random.NextDouble() / 5),
            _world.Random.Next(2) == 0 ? TimeSpan.Zero : _world.Options.GrantLife * 1.2);
    }

    // Something goes wrong.
    private void Happen(int instances)
    {
        var victim = _world.Instances[_world.Random.Next(_world.Instances.Count)];
        switch (_world.Random.Next(8))
        {
            case 0 or 1:
                _world.Server.Stall(_world.Between(0, 3 * _world.Options.LongestAttempt.Ticks));
                break;
            case 2:
                victim.Crash();
                Join(instances);
                break;
            case 3:
                _world.Store.Down = true;
                _world.Time.After(_world.Between(0, _hold), () => _world.Store.Down = false);
                break;
            case 4:
                victim.Clock.Error = TimeSpan.FromSeconds(_world.Random.Next(-4000, 4000));
                break;
            case 5:
                _world.Store.Latency *= 4;
                break;
            // Not as long as a very first write may be on its way, of somebody who was told that there was nothing and gives that answer up
            // after three seconds: nothing tells that it comes too late.
            case 6 when _world.Store.Stored is { } ring
                && _world.Time.Now > _world.Store.LastNothing + 4 * TimeSpan.TicksPerSecond + _world.Store.Longest.Ticks:
                _world.Store.Stored = _world.Random.Next(2) == 0 ? null : ring with { Ring = "not a ring"u8.ToArray() };
                break;
            default:
                victim.Allocator.Unblock();
                break;
        }
    }
}
