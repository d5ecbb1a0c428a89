using System.Collections.Concurrent;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>When records that are listed were last found by look-up. While they are, the 404 of another one is to be believed.</summary>
internal sealed class ControlReads(TimeProvider clock)
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Site, string Resource), long> _found = new();

    public void Note(string site, string resource) => _found[(site, resource)] = clock.GetTimestamp();

    public bool AreFresh(string site, string resource)
        => _found.TryGetValue((site, resource), out var found) && clock.GetElapsedTime(found) < Validity;
}
