using Springest.Functions.Quota;

namespace Springest.Functions.Tests.Quota;

/// <summary>
/// A world without real time: instances with clocks of their own share one ring through a store that delays, repeats, loses and
/// breaks down, and use their permits at a server behind a slow network. Everything follows from the seed.
/// </summary>
internal sealed class QuotaSimulation
{
    private static readonly long Start = new DateTime(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc).Ticks;

    private readonly Random _random;
    private readonly QuotaShape _shape;
    private readonly QuotaOptions _options;
    private readonly PriorityQueue<Event, long> _events = new();
    private readonly Instance[] _instances;
    private readonly List<long> _arrivals = [];
    private readonly long _end;
    private readonly long _outageFrom;
    private readonly long _outageTo;
    private readonly long _longestDelay;
    private readonly double _trouble;

    private long _now;
    private QuotaRing? _ring;
    private long _version;

    public QuotaSimulation(int seed)
    {
        _random = new Random(seed);
        _options = Options();
        _shape = new QuotaShape(_options);
        _now = Start;
        _end = _now + 5 * _shape.Hold;
        _outageFrom = _now + Between(0, 5 * _shape.Hold);
        _outageTo = _outageFrom + Between(0, _shape.Window / 4);
        _longestDelay = Ticks(_random.Next(3) switch { 0 => 0.005, 1 => 0.1, _ => 2 });
        _trouble = _random.Next(3) switch { 0 => 0, 1 => 0.02, _ => 0.2 };
        _instances = new Instance[_random.Next(4) switch { 0 => 1, 1 => 2, 2 => _random.Next(3, 12), _ => _random.Next(12, 201) }];
        for (var i = 0; i < _instances.Length; i++)
        {
            // Clocks up to five minutes apart that run up to 50 parts in a million too fast or too slow.
            _instances[i] = new Instance { Offset = Between(-Ticks(300), Ticks(300)), Drift = Between(-50, 50), Habit = (Habit)_random.Next(3) };
            Schedule(EventKind.Ask, i, Between(0, _shape.Hold));
        }
    }

    private enum EventKind
    {
        Ask,
        ReadAtStore,
        ReadDone,
        WriteAtStore,
        WriteDone,
        GiveUp,
        Use,
        Crash,
    }

    // How an instance uses its permits. The hardest case is one that uses them as late as it may, beside one that comes early.
    private enum Habit
    {
        Early,
        Late,
        Any,
    }

    // An answer counts only in the round of asking that it belongs to.
    private readonly record struct Event(
        EventKind Kind, int Instance, int Life, int Round, QuotaRing? Ring = null, long Version = 0, long Sent = 0, bool Written = false);

    /// <summary>Requests at the server.</summary>
    public int Requests => _arrivals.Count;

    /// <summary>The most requests in any trailing window, and the limit.</summary>
    public (int Most, int Limit) Run()
    {
        for (var steps = 0; steps < 4000 && _events.TryDequeue(out var next, out var at) && at < _end; steps++)
        {
            _now = Math.Max(_now, at);
            if (next.Life == _instances[next.Instance].Life)
                Handle(next);
            else if (next.Kind == EventKind.WriteAtStore)
                Write(next); // a write on its way arrives, though its sender is gone
        }

        return (MostInWindow(), _options.Limit);
    }

    private QuotaOptions Options()
    {
        var window = 2 + 8 * _random.NextDouble();
        var slack = window * (0.05 + 0.4 * _random.NextDouble());
        var life = slack * (0.1 + 0.9 * _random.NextDouble());
        // With few permits every one of them matters: a single one that returns too early shows at once.
        var limit = _random.Next(2) == 0 ? _random.Next(1, 3) : _random.Next(3, 16);
        return new QuotaOptions
        {
            Limit = limit,
            Window = TimeSpan.FromSeconds(window),
            SlotLength = TimeSpan.FromSeconds((window + life + slack) / (4 << _random.Next(7))),
            NetworkSlack = TimeSpan.FromSeconds(slack),
            GrantLife = TimeSpan.FromSeconds(life),
            SubmissionReserve = 0,
            WebhookReserve = 0,
            ChunkSize = _random.Next(1, limit + 1),
        };
    }

    private void Handle(in Event e)
    {
        var instance = _instances[e.Instance];
        switch (e.Kind)
        {
            case EventKind.Ask:
                instance.Asking = true;
                instance.Round++;
                instance.Sent = instance.Local(_now);
                Schedule(EventKind.ReadAtStore, e.Instance, Delay());
                Schedule(EventKind.GiveUp, e.Instance, Ticks(3));
                break;
            case EventKind.ReadAtStore when !Lost():
                _events.Enqueue(e with { Kind = EventKind.ReadDone, Ring = _ring, Version = _version, Sent = _now }, _now + Delay());
                break;
            case EventKind.ReadDone when instance.Asking && instance.Round == e.Round:
                Decide(e, instance);
                break;
            case EventKind.WriteAtStore:
                Write(e);
                break;
            case EventKind.WriteDone when instance.Asking && instance.Round == e.Round:
                Settle(e, instance);
                break;
            case EventKind.GiveUp when instance.Asking && instance.Round == e.Round:
                (instance.Asking, instance.Aside) = (false, instance.Writing ? 0 : instance.Aside);
                Resume(e.Instance, instance);
                break;
            case EventKind.Use:
                Use(e.Instance, instance);
                break;
            case EventKind.Crash:
                _instances[e.Instance] = new Instance { Offset = instance.Offset, Drift = instance.Drift, Habit = instance.Habit, Life = instance.Life + 1 };
                Schedule(EventKind.Ask, e.Instance, Between(0, Ticks(1)));
                break;
            default:
                break;
        }
    }

    private void Decide(in Event e, Instance instance)
    {
        instance.Clock.Observe(instance.Sent, instance.Local(_now), Date(e.Sent));
        instance.Asked = instance.Local(_now);
        var now = instance.Clock.At(instance.Asked);
        var ring = e.Ring ?? QuotaRing.Empty(_shape, now);
        if (_random.Next(8) == 0)
            ring = QuotaRing.Read(ring.ToBytes(), _shape, now) ?? throw new InvalidOperationException("A ring cannot be read back.");
        (instance.Aside, instance.InHand) = (instance.InHand, 0);
        var request = new QuotaRequest(QuotaClass.Submission, 1, _random.Next(1, _options.ChunkSize + 1))
        {
            Unused = instance.Aside,
            UnusedSlot = instance.Slot,
        };
        instance.Outcome = ring.Exchange(request, now);
        instance.Writing = !ReferenceEquals(instance.Outcome.Ring, ring);
        if (!instance.Writing)
        {
            instance.Asking = false;
            Resume(e.Instance, instance);
            return;
        }

        // Now and then a write takes longer than anything lives, and takes effect all the same.
        var delay = _random.NextDouble() < _trouble / 4 ? Between(0, 2 * _shape.Hold) : Delay();
        _events.Enqueue(e with { Kind = EventKind.WriteAtStore, Ring = instance.Outcome.Ring }, _now + delay);
    }

    private void Write(in Event e)
    {
        if (Lost())
            return;
        var written = e.Version == _version;
        if (written)
            (_ring, _version) = (e.Ring, _version + 1);
        if (_random.NextDouble() < _trouble) // the network repeats the write, and only the second answer comes back
            written = false;
        if (!Lost())
            _events.Enqueue(e with { Kind = EventKind.WriteDone, Written = written, Sent = _now }, _now + Delay());
    }

    private void Settle(in Event e, Instance instance)
    {
        (instance.Asking, instance.Writing, instance.Aside) = (false, false, 0);
        if (e.Written)
        {
            instance.Clock.Observe(instance.Asked, instance.Local(_now), Date(e.Sent));
            (instance.InHand, instance.Slot) = (instance.Outcome.Granted, instance.Outcome.Slot);
            instance.Expires = instance.Asked + _shape.GrantLife;
        }

        Resume(e.Instance, instance);
    }

    // What was put aside and surely not given back is in hand again.
    private void Resume(int index, Instance instance)
    {
        if (instance.InHand == 0)
            (instance.InHand, instance.Aside) = (instance.Aside, 0);
        instance.Writing = false;
        if (_random.NextDouble() < _trouble / 10)
            Schedule(EventKind.Crash, index, Between(0, _shape.GrantLife));
        if (instance.InHand > 0)
            Schedule(EventKind.Use, index, NextUse(instance));
        else
            Schedule(EventKind.Ask, index, instance.Outcome.Wait % _shape.Hold + Between(0, _longestDelay / 4));
    }

    private void Use(int index, Instance instance)
    {
        if (instance.Asking)
            return;
        while (instance.InHand > 0 && instance.Local(_now) < instance.Expires && (instance.Habit != Habit.Any || _random.Next(4) > 0))
        {
            instance.InHand--;
            _arrivals.Add(_now + instance.Habit switch
            {
                Habit.Early => 0,
                Habit.Late => _options.NetworkSlack.Ticks,
                _ => Between(0, _options.NetworkSlack.Ticks),
            });
        }

        if (instance.InHand > 0 && instance.Local(_now) < instance.Expires && _random.Next(5) > 0)
            Schedule(EventKind.Use, index, NextUse(instance));
        else
            Schedule(EventKind.Ask, index, _random.Next(3) == 0 ? Between(0, _shape.Window / 2) : Between(0, _longestDelay));
    }

    private long NextUse(Instance instance)
    {
        var left = Math.Max(0, instance.Expires - instance.Local(_now));
        return instance.Habit switch
        {
            Habit.Early => 0,
            Habit.Late => Math.Max(0, left - Ticks(0.001)),
            _ => Between(0, left),
        };
    }

    private int MostInWindow()
    {
        _arrivals.Sort();
        var (most, first) = (0, 0);
        for (var last = 0; last < _arrivals.Count; last++)
        {
            while (_arrivals[first] <= _arrivals[last] - _shape.Window)
                first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    private void Schedule(EventKind kind, int instance, long after)
        => _events.Enqueue(new Event(kind, instance, _instances[instance].Life, _instances[instance].Round), _now + after);

    private bool Lost() => _random.NextDouble() < _trouble || (_now >= _outageFrom && _now < _outageTo);

    // Mostly quick: a slow answer does its harm among quick ones.
    private long Delay() => Between(0, _random.Next(8) == 0 ? _longestDelay : _longestDelay / 50);

    private long Between(long low, long high) => _random.NextInt64(low, high + 1);

    private static DateTimeOffset Date(long time) => new(time - time % TimeSpan.TicksPerSecond, TimeSpan.Zero);

    private static long Ticks(double seconds) => (long)(seconds * TimeSpan.TicksPerSecond);

    private sealed class Instance
    {
        public long Offset { get; init; }

        public long Drift { get; init; }

        public Habit Habit { get; init; }

        public int Life { get; init; }

        public StoreClock Clock { get; } = new();

        public bool Asking { get; set; }

        public int Round { get; set; }

        public bool Writing { get; set; }

        public long Sent { get; set; }

        public long Asked { get; set; }

        public QuotaOutcome Outcome { get; set; }

        public int InHand { get; set; }

        public int Aside { get; set; }

        public long Slot { get; set; }

        public long Expires { get; set; }

        public long Local(long time) => time + Offset + (time - Start) * Drift / 1_000_000;
    }
}
