namespace Springest.Functions.Catalogue.Store;

/// <summary>What became of one record.</summary>
public enum ApplyOutcome
{
    Created,
    Updated,
    Unchanged,
    Deleted,

    /// <summary>No longer at the API, but not to be deleted yet.</summary>
    Missing,

    /// <summary>Not in the mirror and not at the API either.</summary>
    Absent,
}
