namespace Springest.Simulator.Recording;

/// <summary>What became of a request.</summary>
public enum RequestOutcome
{
    /// <summary>Not answered yet.</summary>
    Pending,

    /// <summary>Answered by an endpoint, or refused as the API would refuse it.</summary>
    Answered,

    /// <summary>Refused because the key's limit was used up.</summary>
    RateLimited,

    /// <summary>Answered by a fault instead of the endpoint; nothing was carried out.</summary>
    Faulted,

    /// <summary>Carried out by its endpoint, and then answered by a fault.</summary>
    FaultedAfterHandling,

    /// <summary>The caller went away before the answer was complete.</summary>
    Abandoned,

    /// <summary>Answered with 500 because of a bug in the simulator, or a record that it cannot serve.</summary>
    Failed,
}
