using Springest.Client;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Hosting;

namespace Springest.Functions.Certificates.Submission;

/// <summary>
/// Submits certificates, each at most once: one that the guard names, while the gate is open, under a claim on its row. What may have been
/// sent and was not answered is asked about, and never sent again unless a person says so.
/// </summary>
public sealed class CertificateSubmitter(
    CertificateLedger ledger,
    DuplicateGuard guard,
    SendingGate gate,
    SubmissionClaims claims,
    CertificateSender sender,
    SubmissionReconciler inquiry,
    SubmissionStateMachine outcomes,
    SubmissionLog log)
{
    /// <summary>Brings a submission as far as it can be brought now.</summary>
    /// <param name="row">The submission, as read.</param>
    /// <param name="content">The file's bytes. If they are not here, they are fetched only when nothing else keeps them from being
    /// sent.</param>
    /// <param name="stop">Has it put down at once what was not sent. The answer to what may have been sent is waited for during <see
    /// cref="StoppableWork.Grace"/>.</param>
    /// <returns>The row as it stands then.</returns>
    /// <exception cref="Azure.RequestFailedException">The bytes could not be fetched. Then the submission waits, and nothing was
    /// sent.</exception>
    internal async Task<SubmissionEntity> SubmitAsync(SubmissionEntity row, BufferedBlobStream content, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (claims.IsClaimExpired(row) && !SubmissionClaims.IsUnsent(row))
            return await TakeOverAsync(row, stop);
        if (!claims.MayBeClaimed(row))
            return row;
        // What has been told so before need not ask while nothing is sent.
        if (row.Code is Reason.SendingStopped or Reason.WaitingForSite && gate.Peek(row.PartitionKey) is { } closed)
            return await KeepAsync(row, outcomes.Deny(row, closed));
        try
        {
            var (place, other) = await guard.ClaimPlaceAsync(row, stop);
            if (place == DuplicateGuard.Place.Duplicate)
            {
                outcomes.SetAside(row, other!);
                return await SaveAsync(row);
            }

            if (place == DuplicateGuard.Place.Waits)
                return await KeepAsync(row, outcomes.WaitForOther(row, other!));
            var asked = claims.Now;
            if (await gate.AskAsync(row, stop) is { } denial)
                return await KeepAsync(row, outcomes.Deny(row, denial));
            // Not cut off: a claim that may have been written could not be given back.
            return await claims.TryClaimAsync(row, CancellationToken.None)
                ? await SendAsync(row, content, asked, stop)
                : await RereadAsync(row);
        }
        catch (RowChangedException)
        {
            return await RereadAsync(row);
        }
    }

    /// <summary>Brings a submission to its end whose file is gone: it counts as withdrawn, unless it may have been sent.</summary>
    /// <param name="row">The row, as read. Nothing happens if it has changed since.</param>
    /// <param name="stop">Has it put down.</param>
    public async Task<SubmissionEntity> WithdrawAsync(SubmissionEntity row, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (claims.IsClaimExpired(row) && !SubmissionClaims.IsUnsent(row))
            return await TakeOverAsync(row, stop);
        if (row.State is not (SubmissionState.Waiting or SubmissionState.Ready or SubmissionState.Held) && !claims.IsClaimExpired(row))
            return row;
        outcomes.Withdraw(row);
        return await KeepAsync(row, isChanged: true);
    }

    /// <summary>
    /// Whether a site's ledger is being restored: until a person starts the sending, it may have yet to say what it knows of a file, or of
    /// another one of the same certificate.
    /// </summary>
    /// <exception cref="LedgerLostException">It is lost.</exception>
    internal async Task<bool> IsBeingRestoredAsync(string site, CancellationToken cancellationToken)
    {
        // The key first: a restore notes the gap, and then has the key count again.
        await ledger.RequireKeyAsync(cancellationToken);
        return (await gate.ReadAsync(site, cancellationToken)).GapFrom is not null;
    }

    private async Task<SubmissionEntity> SendAsync(
        SubmissionEntity row, BufferedBlobStream content, DateTimeOffset asked, CancellationToken stop)
    {
        var claim = row.Claim;
        content.Rewind();
        // From here on hardly anything but the end of the lease stops it: a request that is broken off leaves a doubt behind.
        using var lease = claims.LimitLease();
        using var grace = claims.LimitNothing();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lease.Token, grace.Token);
        CertificateSender.Attempt attempt;
        await using (stop.Register(() => grace.CancelAfter(content.TryShut() ? TimeSpan.Zero : StoppableWork.Grace)))
        {
            try
            {
                attempt = await sender.SendAsync(row, content, asked, end.Token);
            }
            // Whatever it was, it kept the file from being read, and so from being sent.
            catch (Exception e) when (content.Position == 0 && e is not RowChangedException)
            {
                outcomes.WaitForStorage(row);
                await SaveAsync(row, claim);
                throw;
            }

            if (row.State == SubmissionState.OutcomeUnknown && !content.IsShut)
                await InquireAsync(row, end.Token);
        }

        var saved = await SaveAsync(row, claim);
        await ledger.NoteEventAsync(saved, "attempt", attempt.Status, CancellationToken.None);
        if (attempt.Afterwards is { } afterwards)
            await afterwards(CancellationToken.None);
        return saved;
    }

    /// <summary>Whoever was sending it has vanished: from now on it is in doubt.</summary>
    private async Task<SubmissionEntity> TakeOverAsync(SubmissionEntity row, CancellationToken stop)
    {
        outcomes.DoubtVanished(row);
        if (!await ledger.TryUpdateAsync(row, CancellationToken.None))
            return await RereadAsync(row);
        using var lease = claims.LimitLease();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lease.Token, stop);
        await InquireAsync(row, end.Token);
        return row.State == SubmissionState.OutcomeUnknown ? row : await SaveAsync(row, row.Claim);
    }

    /// <summary>Asks Springest about a request that may have been sent. That it is not listed proves nothing.</summary>
    private async Task InquireAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        try
        {
            if (await inquiry.AskAsync(row, cancellationToken) is { } certificate)
                outcomes.AcceptListed(row, certificate);
        }
        catch (SpringestException)
        {
            // The next read-back asks again.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The same.
        }
    }

    /// <summary>Writes the outcome down. If the lease was lost meanwhile, what is certain of the request still counts.</summary>
    /// <param name="row">The row.</param>
    /// <param name="claim">The claim that it was worked on under.</param>
    private async Task<SubmissionEntity> SaveAsync(SubmissionEntity row, string? claim = null)
    {
        var saved = row;
        while (!await ledger.TryUpdateAsync(saved, CancellationToken.None))
        {
            saved = await RereadAsync(row);
            // Written by a request whose answer was lost.
            if (saved.State == row.State && saved.Claim == row.Claim && saved.CertificateId == row.CertificateId)
                break;
            if (claim is not null && saved.Claim == claim && saved.State is SubmissionState.Submitting or SubmissionState.OutcomeUnknown)
            {
                row.TakePlaceOf(saved);
                saved = row;
            }
            else if (row.State == SubmissionState.Accepted && saved.State != SubmissionState.Accepted)
            {
                outcomes.Accept(saved, row.CertificateId);
            }
            else
            {
                break;
            }
        }

        log.Ended(saved);
        return saved;
    }

    private async Task<SubmissionEntity> KeepAsync(SubmissionEntity row, bool isChanged)
        => !isChanged || await ledger.TryUpdateAsync(row, CancellationToken.None) ? row : await RereadAsync(row);

    private async Task<SubmissionEntity> RereadAsync(SubmissionEntity row)
        => await ledger.FindAsync(row.PartitionKey, row.RowKey, CancellationToken.None)
            ?? throw new InvalidOperationException($"Submission {row.RowKey[..12]} has vanished from the ledger.");
}
