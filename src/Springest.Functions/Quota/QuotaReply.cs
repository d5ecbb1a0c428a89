namespace Springest.Functions.Quota;

/// <summary>What came of asking the store.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Outcome">What the ring answered, unless the result is <see cref="QuotaResult.Conflict"/> or worse.</param>
/// <param name="Asked">Local time from which the life of a grant is measured.</param>
internal readonly record struct QuotaReply(QuotaResult Result, QuotaOutcome Outcome = default, long Asked = 0);

internal enum QuotaResult
{
    /// <summary>The outcome is written.</summary>
    Written,

    /// <summary>There was nothing to write.</summary>
    Unchanged,

    /// <summary>Somebody else wrote first, or this same write did and was repeated on its way: it may have taken effect.</summary>
    Conflict,

    /// <summary>The store could not be read, so nothing was written.</summary>
    Unreachable,

    /// <summary>The answer to the write was lost: it may have taken effect.</summary>
    Unknown,
}
