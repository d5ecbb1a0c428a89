using System.Collections.Concurrent;

namespace Springest.Simulator.Keys;

/// <summary>The keys that the simulator knows. Safe to change while requests come.</summary>
public sealed class KeyRing
{
    private readonly ConcurrentDictionary<string, SimulatorKey> _keys = new(StringComparer.Ordinal);

    internal KeyRing(SimulatorOptions options)
    {
        var separate = options.CertificationsApiKey is not null;
        Add(new SimulatorKey("general", options.ApiKey, separate ? Feature.All & ~Feature.Certificates : Feature.All));
        if (options.CertificationsApiKey is { } certifications)
            Add(new SimulatorKey("certifications", certifications, Feature.Certificates));
    }

    /// <summary>Adds a key, or gives a known one other rights.</summary>
    public void Add(SimulatorKey key) => _keys[key.Value] = key;

    /// <summary>Withdraws a key: from now on it is 401.</summary>
    public bool Remove(string value) => _keys.TryRemove(value, out _);

    internal SimulatorKey? Find(string value) => _keys.GetValueOrDefault(value);
}
