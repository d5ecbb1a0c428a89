using System.Collections;

namespace Springest.Simulator.Behaviours;

/// <summary>The faults that may befall a request; the first that applies does. Safe to change while requests come.</summary>
public sealed class FaultList : IEnumerable<Fault>
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];

    /// <summary>Adds a fault after the others.</summary>
    public void Add(Fault fault)
    {
        lock (_lock)
            _faults.Add(fault);
    }

    /// <summary>Takes a fault away.</summary>
    public bool Remove(Fault fault)
    {
        lock (_lock)
            return _faults.Remove(fault);
    }

    /// <summary>Takes all of them away.</summary>
    public void Clear()
    {
        lock (_lock)
            _faults.Clear();
    }

    /// <inheritdoc />
    public IEnumerator<Fault> GetEnumerator()
    {
        lock (_lock)
            return _faults.ToList().GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
