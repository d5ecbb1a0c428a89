using Microsoft.AspNetCore.WebUtilities;

namespace Springest.Simulator.Recording;

/// <summary>One request as received, without the key that it carried.</summary>
/// <param name="Number">Counted from 1 in order of arrival.</param>
/// <param name="Time">When it arrived, by the simulator's clock.</param>
/// <param name="Method">Such as <c>GET</c>.</param>
/// <param name="Path">Percent-encoded, with its extension: <c>/trainings/12.json</c>.</param>
/// <param name="Query">Percent-encoded, as sent, without <c>api_key</c> and without question mark.</param>
/// <param name="Key">Name of the key that was sent (<c>general</c>, <c>certifications</c> ...), <c>missing</c> or <c>wrong</c>.</param>
public sealed record RecordedRequest(long Number, DateTimeOffset Time, string Method, string Path, string Query, string Key)
{
    /// <summary>Status of the answer; null while there is none, or if the connection was cut without one.</summary>
    public int? Status { get; init; }

    /// <summary>What became of it.</summary>
    public RequestOutcome Outcome { get; init; } = RequestOutcome.Pending;

    /// <summary>Bytes of the request's body that were read.</summary>
    public long BodySize { get; init; }

    /// <summary>From arrival until the answer began.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Value of a query parameter, decoded; null if it was not sent.</summary>
    public string? Parameter(string name) => QueryHelpers.ParseQuery(Query).TryGetValue(name, out var value) ? value.ToString() : null;
}
