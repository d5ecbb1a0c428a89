namespace Springest.Functions.Catalogue;

/// <summary>What became of one record.</summary>
public enum RefreshOutcome
{
    Created,
    Updated,
    Unchanged,
    Deleted,

    /// <summary>Not in the mirror and not at the API either.</summary>
    Absent,
}
