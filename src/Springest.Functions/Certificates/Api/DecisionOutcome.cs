namespace Springest.Functions.Certificates.Api;

/// <summary>What became of a person's decision.</summary>
public enum DecisionOutcome
{
    /// <summary>It is carried out.</summary>
    Done,

    /// <summary>There is nothing to send: the submission counts as withdrawn.</summary>
    FileGone,

    /// <summary>There is no such submission.</summary>
    Unknown,

    /// <summary>What was sent may still be on its way.</summary>
    TooEarly,

    /// <summary>Another submission was accepted under this number.</summary>
    NumberTaken,

    /// <summary>The submission is in a state that leaves nothing to decide, or has just changed.</summary>
    NotOpen,
}
