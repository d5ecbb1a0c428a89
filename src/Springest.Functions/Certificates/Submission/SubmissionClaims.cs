using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates.Submission;

/// <summary>
/// Who may send a submission: whoever has written his claim into its row, for as long as the lease lasts. The last that he does before the
/// request leaves is to mark the row: a claim without a mark was never sent under, and one with it may have been.
/// </summary>
public sealed class SubmissionClaims(
    CertificateLedger ledger, IOptions<CertificatesOptions> options, IOptionsMonitor<SpringestSiteOptions> sites, TimeProvider clock)
{
    // Only claims of this version say by their mark whether something was sent.
    private const string Protocol = "1-";

    // How old a mark may be when the request leaves, and how long its write may take.
    private static readonly TimeSpan _markLife = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _markTime = TimeSpan.FromSeconds(2);

    // What a request may still be on its way after its sender has given it up.
    private static readonly TimeSpan _slack = TimeSpan.FromSeconds(5);

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Ends what is done under a claim a good while before the claim ends.</summary>
    public CancellationTokenSource LimitLease() => new(options.Value.LeaseDuration * 0.8, clock);

    /// <summary>Ends nothing yet.</summary>
    public CancellationTokenSource LimitNothing() => new(Timeout.InfiniteTimeSpan, clock);

    /// <summary>Whether a submission may be claimed for sending now, if nothing else stands against it.</summary>
    public bool MayBeClaimed(SubmissionEntity row) => row.State switch
    {
        SubmissionState.Ready or SubmissionState.Withdrawn => true,
        SubmissionState.Waiting or SubmissionState.Held => !(row.Due > clock.GetUtcNow()),
        _ => IsClaimExpired(row) && IsUnsent(row),
    };

    /// <summary>Claims a submission that may be sent.</summary>
    /// <returns>False if its row has changed since it was read.</returns>
    public async Task<bool> TryClaimAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        var claim = Protocol + Guid.NewGuid().ToString("N");
        (row.State, row.Updated, row.Code, row.Message, row.Due) = (SubmissionState.Submitting, clock.GetUtcNow(), null, null, null);
        (row.Claim, row.ClaimedUntil, row.Sending) = (claim, clock.GetUtcNow() + options.Value.LeaseDuration, null);
        if (await ledger.TryUpdateAsync(row, cancellationToken))
            return true;
        // A write whose answer was lost is repeated by the client, and then loses against itself.
        return await TryAdoptAsync(row, row.Sending, cancellationToken);
    }

    /// <summary>Marks a claimed row, so that a request may leave.</summary>
    /// <exception cref="RowChangedException">The claim is lost.</exception>
    /// <exception cref="MarkFailedException">The mark could not be set, or took too long.</exception>
    public async Task MarkAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        row.Sending = clock.GetUtcNow();
        var isMarked = false;
        try
        {
            isMarked = await ledger.TryUpdateOnceAsync(row, _markTime, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whether it was written the row tells.
        }

        if (!isMarked && !await TryAdoptAsync(row, row.Sending, cancellationToken))
            throw row.Claim is null ? new RowChangedException() : new MarkFailedException();
        if (clock.GetElapsedTime(began) > _markLife)
            throw new MarkFailedException();
    }

    /// <summary>Whether a submission is claimed and its holder has vanished.</summary>
    public bool IsClaimExpired(SubmissionEntity row) => row.State == SubmissionState.Submitting && row.ClaimedUntil <= clock.GetUtcNow();

    /// <summary>Whether it is certain that nothing was sent under a row's claim.</summary>
    public static bool IsUnsent(SubmissionEntity row)
        => row.Sending is null && row.Claim?.StartsWith(Protocol, StringComparison.Ordinal) != false;

    /// <summary>When whatever was sent is certainly over: before, nothing may be decided about it.</summary>
    public DateTimeOffset OverAt(SubmissionEntity row)
    {
        if (IsUnsent(row) || (row.Sending ?? row.ClaimedUntil) is not { } sending)
            return DateTimeOffset.MinValue;
        var over = sending + _markLife + sites.Get(row.PartitionKey).AttemptTimeout + _slack;
        // Its holder gave it up; without his word he may only have stalled.
        return row.ClaimedUntil is null ? over : over + options.Value.LeaseDuration;
    }

    /// <summary>Takes over the version of a row that was written by a request whose answer was lost.</summary>
    private async Task<bool> TryAdoptAsync(SubmissionEntity row, DateTimeOffset? sending, CancellationToken cancellationToken)
    {
        var standing = await ledger.FindAsync(row.PartitionKey, row.RowKey, cancellationToken);
        if (standing is null || standing.Claim != row.Claim || standing.State != SubmissionState.Submitting)
        {
            row.Claim = null;
            return false;
        }

        row.TakePlaceOf(standing);
        row.Sending = standing.Sending;
        return standing.Sending == sending;
    }
}

/// <summary>The mark could not be set in time; nothing was sent.</summary>
internal sealed class MarkFailedException() : Exception("The ledger could not be written before sending.");
