namespace Springest.Functions.Certificates.Submission;

/// <summary>What to do with a submission that may or may not have arrived.</summary>
public enum UnknownOutcome
{
    /// <summary>Keep asking the API, and leave the rest to a person.</summary>
    Hold,

    /// <summary>Submit again once the API has had time to list it and does not.</summary>
    Retry,
}
