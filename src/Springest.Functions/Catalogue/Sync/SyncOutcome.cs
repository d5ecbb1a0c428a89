namespace Springest.Functions.Catalogue.Sync;

/// <summary>How a tick of the mirror ended.</summary>
public enum SyncOutcome
{
    /// <summary>Nothing was due.</summary>
    NotDue,

    /// <summary>Another run is at work on it.</summary>
    Busy,

    /// <summary>A pass goes on with the next tick: the time or the quota was used up, or the API was not to be reached.</summary>
    Unfinished,

    /// <summary>A pass came to its end.</summary>
    Completed,
}
