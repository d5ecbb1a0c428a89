namespace Springest.Client.Tests;

/// <summary>
/// The most memory in use since then, over what was in use at first; looked at every few milliseconds. What nobody uses any more does not
/// count: when it is collected depends on the machine.
/// </summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly long _first = GC.GetTotalMemory(forceFullCollection: true);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _watch;
    private long _peak;

    public PeakMemory()
    {
        _watch = new Thread(Watch) { IsBackground = true };
        _watch.Start();
    }

    public long Peak
    {
        get
        {
            Look();
            return Interlocked.Read(ref _peak);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _watch.Join();
        _stop.Dispose();
    }

    private void Watch()
    {
        while (!_stop.Token.WaitHandle.WaitOne(20))
            Look();
    }

    private void Look()
    {
        GC.Collect();
        var held = GC.GetTotalMemory(forceFullCollection: false) - _first;
        if (held > Interlocked.Read(ref _peak))
            Interlocked.Exchange(ref _peak, held);
    }
}
