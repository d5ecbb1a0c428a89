using System.Collections.Concurrent;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>When records that are listed were last found by look-up. While they are, the 404 of another one is to be believed.</summary>
internal sealed class ControlReads(TimeProvider clock)
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Site, string Resource), long> _found = new();

    /// <summary>The present, to be compared with.</summary>
    public long Now => clock.GetTimestamp();

    /// <param name="asked">When it was asked for a record that was found.</param>
    public void Note(string site, string resource, long asked)
        => _found.AddOrUpdate((site, resource), asked, (_, known) => Math.Max(known, asked));

    /// <param name="since">How late it must have been asked for; null if any time within the minute will do.</param>
    public bool AreFresh(string site, string resource, long? since)
        => _found.TryGetValue((site, resource), out var found) && found >= (since ?? found) && clock.GetElapsedTime(found) < Validity;
}
