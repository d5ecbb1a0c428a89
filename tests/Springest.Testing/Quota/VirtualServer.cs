namespace Springest.Testing.Quota;

/// <summary>
/// The API's server, the way there, and the client's transport. It decides by itself when it handles a request: what the quota assumes
/// about that is not given to it.
/// </summary>
internal sealed class VirtualServer(VirtualTime time, Random random)
{
    /// <summary>How a request ended for the client.</summary>
    /// <param name="Answered">Whether there was an answer.</param>
    /// <param name="Refused">Whether it said that there were too many.</param>
    /// <param name="Pause">For how long nothing is wanted, if it said so.</param>
    public readonly record struct Ending(bool Answered, bool Refused, TimeSpan? Pause);

    private readonly List<long> _handled = [];
    private long _stalledUntil;

    /// <summary>How long a request travels at most.</summary>
    public TimeSpan Longest { get; set; }

    /// <summary>The share of requests that come as late as can be.</summary>
    public double Late { get; set; }

    /// <summary>The share of connections that break after the request was handled and before it is answered.</summary>
    public double Broken { get; set; }

    /// <summary>The share of requests that it refuses as too many, and how long it wants a pause then.</summary>
    public double Refused { get; set; }

    public Func<TimeSpan?> Pause { get; set; } = () => null;

    /// <summary>How often the client's transport sends a request again by itself when a connection breaks.</summary>
    public int Repeats { get; set; }

    public int Handled => _handled.Count;

    /// <summary>Handles nothing for so long; what comes meanwhile waits.</summary>
    public void Stall(long ticks) => _stalledUntil = Math.Max(_stalledUntil, time.Now + ticks);

    public int HandledSince(long when) => _handled.Count(at => at >= when);

    /// <summary>The most requests handled in any trailing window.</summary>
    public int MostIn(long window)
    {
        var (most, first) = (0, 0);
        for (var last = 0; last < _handled.Count; last++)
        {
            while (_handled[first] <= _handled[last] - window)
                first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    /// <summary>Sends a request, and says how it ended: answered or not, and refused for how long.</summary>
    /// <param name="timeout">When the client gives up and closes the connection. A server that has not begun by then handles
    /// nothing.</param>
    /// <param name="alive">False once the client is gone.</param>
    /// <param name="ended">Called once.</param>
    public void Send(long timeout, Func<bool> alive, Action<Ending> ended)
    {
        var over = false;
        var giveUpAt = time.Now + timeout;
        time.After(timeout, () => End(default));
        Transmit(0);

        void Transmit(int repeats) => time.After(Travel(), () => Handle(repeats));

        void Handle(int repeats)
        {
            if (time.Now < _stalledUntil)
            {
                time.After(_stalledUntil - time.Now, () => Handle(repeats));
                return;
            }

            if (over || time.Now >= giveUpAt || !alive())
                return;
            _handled.Add(time.Now);
            if (Strikes(Broken))
            {
                if (repeats < Repeats)
                    Transmit(repeats + 1);
                else
                    End(default);
                return;
            }

            var ending = Strikes(Refused) ? new Ending(true, true, Pause()) : new Ending(true, false, null);
            time.After(Travel(), () => End(ending));
        }

        void End(Ending ending)
        {
            if (over)
                return;
            over = true;
            ended(ending);
        }
    }

    private long Travel()
        => Strikes(Late) ? Longest.Ticks - random.NextInt64(Longest.Ticks / 50 + 1) : random.NextInt64(Longest.Ticks / 100 + 1);

    private bool Strikes(double share) => share > 0 && random.NextDouble() < share;
}
