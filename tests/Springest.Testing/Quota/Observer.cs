using System.Diagnostics;

namespace Springest.Testing.Quota;

/// <summary>The server's view: when requests arrived, by a clock of its own.</summary>
internal sealed class Observer
{
    private readonly List<TimeSpan> _arrivals = [];
    private readonly long _start = Stopwatch.GetTimestamp();

    public int Count
    {
        get
        {
            lock (_arrivals)
                return _arrivals.Count;
        }
    }

    public void Arrive()
    {
        lock (_arrivals)
            _arrivals.Add(Stopwatch.GetElapsedTime(_start));
    }

    /// <summary>The most arrivals in any trailing window.</summary>
    public int MostIn(TimeSpan window)
    {
        lock (_arrivals)
        {
            var (most, first) = (0, 0);
            for (var last = 0; last < _arrivals.Count; last++)
            {
                while (_arrivals[first] <= _arrivals[last] - window)
                    first++;
                most = Math.Max(most, last - first + 1);
            }

            return most;
        }
    }
}
