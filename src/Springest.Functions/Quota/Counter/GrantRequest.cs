namespace Springest.Functions.Quota.Counter;

/// <summary>What an instance asks of the window, all in one write.</summary>
/// <param name="Wanted">Permits that are waited for, by class in order of precedence.</param>
/// <param name="Block">For how long from now the server wants no requests, in ticks; zero if it said nothing.</param>
/// <param name="Doubles">True if it did not say for how long: repeated soon after, such a block is twice as long as the one before.</param>
/// <param name="Unblock">True to end a block.</param>
public sealed record GrantRequest(int[] Wanted, long Block = 0, bool Doubles = false, bool Unblock = false);
