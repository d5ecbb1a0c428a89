namespace Springest.Functions.Catalogue.State;

/// <summary>What an operator can have done to the mirror of one resource.</summary>
public enum SyncCommand
{
    /// <summary>Begin a full pass now, or after the one in progress.</summary>
    Start,

    /// <summary>Do nothing until told to resume.</summary>
    Pause,

    Resume,

    /// <summary>The records that are missing are really gone: let a full pass look each up and delete it, however many they are.</summary>
    Release,

    /// <summary>The records that are missing are still there: forget that they were missed.</summary>
    Discard,

    /// <summary>Give up the pass in progress. What it has applied stays.</summary>
    Abandon,

    /// <summary>Write a snapshot, and remove all that were written before.</summary>
    Snapshot,
}
