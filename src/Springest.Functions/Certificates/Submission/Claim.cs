namespace Springest.Functions.Certificates.Submission;

/// <summary>What the holder of a submission's row may do.</summary>
public enum Claim
{
    /// <summary>Nothing: another has it, or there is nothing to do now.</summary>
    None,

    /// <summary>Send the request.</summary>
    ToSend,

    /// <summary>Ask whether a request arrived that may have been sent.</summary>
    ToInquire,
}
