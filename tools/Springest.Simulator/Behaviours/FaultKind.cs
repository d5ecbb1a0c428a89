namespace Springest.Simulator.Behaviours;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>Another answer: <see cref="Fault.Status"/> and <see cref="Fault.Body"/>.</summary>
    Answer,

    /// <summary>The connection is closed without an answer.</summary>
    Close,

    /// <summary>No answer comes until the caller gives up or the simulator ends.</summary>
    Stall,

    /// <summary>The answer breaks off half way through its body. The request has been carried out.</summary>
    Truncate,
}
