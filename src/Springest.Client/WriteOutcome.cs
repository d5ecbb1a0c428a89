namespace Springest.Client;

/// <summary>What became of a write that failed (docs/springest-api.md, section 6).</summary>
public enum WriteOutcome
{
    /// <summary>
    /// The API does not want it as it is: 400, 413, 415, 422, or a status of success with errors and without the record. Sending it again
    /// will not help.
    /// </summary>
    Refused,

    /// <summary>
    /// It was not carried out for a reason that is not its own, and may be sent again later: 401, 403, 404, 405, too many requests, no
    /// connection, or nothing was sent.
    /// </summary>
    Waiting,

    /// <summary>It may have been carried out: any other answer, or none. Look before sending it again.</summary>
    Unknown,
}
