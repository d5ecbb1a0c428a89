using System.Collections.Concurrent;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Storage;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Submission;

/// <summary>
/// Whether a site's certificates may be sent, for all instances: not while somebody has stopped it, and no more than a probe now and then
/// while Springest takes none, or none of a certification. What waits costs nothing, and goes on as soon as a probe is taken.
/// </summary>
public sealed class SendingGate(
    AppStorage storage, IOptions<CertificatesOptions> options, IOptionsMonitor<SpringestSiteOptions> sites, TimeProvider clock)
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(15);

    // So long a probe waits for a file of a certification that was not tried yet.
    private static readonly TimeSpan _otherFirst = TimeSpan.FromMinutes(2);

    // Two unknown outcomes within this, and nothing taken between, halt a site.
    private static readonly TimeSpan _brakeTime = TimeSpan.FromMinutes(10);

    private const int MostRefused = 3;

    // How long it is remembered that a site is closed. What is on its way looks anew.
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(5);

    private readonly TableClient _table = storage.Table(CertificateStorage.State);

    private readonly ConcurrentDictionary<string, (Denial Denial, DateTimeOffset Until)> _closed = new();

    /// <summary>Why something may not be sent now.</summary>
    /// <param name="Code">See <see cref="Reason"/>.</param>
    /// <param name="Cause">What Springest answered.</param>
    public sealed record Denial(string Code, string? Cause);

    /// <summary>How a site stands.</summary>
    public async Task<SendingStateEntity> ReadAsync(string site, CancellationToken cancellationToken)
    {
        if (await _table.FindAsync<SendingStateEntity>(site, SendingStateEntity.Key, cancellationToken) is { } state)
            return state.Format == LedgerRow.CurrentFormat
                ? state
                : throw new InvalidOperationException("A later version of the app has written whether certificates are sent.");
        return options.Value.StartStopped
            ? new SendingStateEntity { PartitionKey = site, StoppedAt = clock.GetUtcNow() }
            : new SendingStateEntity { PartitionKey = site };
    }

    /// <summary>How all sites stand that are anyhow out of the ordinary.</summary>
    public IAsyncEnumerable<SendingStateEntity> ReadAllAsync(CancellationToken cancellationToken)
        => _table.QueryAsync<SendingStateEntity>(
            TableClient.CreateQueryFilter($"RowKey eq {SendingStateEntity.Key}"), cancellationToken: cancellationToken);

    /// <summary>Whether a site was closed a moment ago, so that nobody need ask.</summary>
    public Denial? Peek(string site)
        => _closed.TryGetValue(site, out var closed) && clock.GetUtcNow() < closed.Until ? closed.Denial : null;

    /// <summary>Asks to send a submission. Who is let through while the rest is not, is a probe.</summary>
    /// <returns>Null if it may be sent.</returns>
    public async Task<Denial?> AskAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await ReadAsync(row.PartitionKey, cancellationToken);
            if (state.StoppedAt is not null)
            {
                // The setting counts once: from then on it is as if somebody had stopped it.
                if (state.ETag != default || await _table.TryWriteAsync(state, cancellationToken))
                    return Close(state, new Denial(Reason.SendingStopped, null));
                continue;
            }

            var (denial, isChanged) = Enter(state, row.CertificationId);
            if (!isChanged || await _table.TryWriteAsync(state, cancellationToken))
                return denial is { Code: Reason.WaitingForSite } && clock.GetUtcNow() < state.NextProbe ? Close(state, denial) : denial;
        }
    }

    /// <summary>Looks once more, with the permit in hand.</summary>
    /// <param name="asked">When it was asked for.</param>
    /// <exception cref="SendingDeniedException">It may not be sent any more.</exception>
    public async Task CheckAsync(SubmissionEntity row, DateTimeOffset asked, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(row.PartitionKey, cancellationToken);
        if (state.StoppedAt is not null)
            throw new SendingDeniedException(new Denial(Reason.SendingStopped, null));
        // What paused it before was taken into account when it was asked; a probe must not stop itself.
        if (state.PausedAt >= asked)
            throw new SendingDeniedException(new Denial(Reason.WaitingForSite, state.PauseCause));
        if (state.ReadRefused().Find(each => each.Id == row.CertificationId) is { } refused && refused.Since >= asked)
            throw new SendingDeniedException(new Denial(Reason.WaitingForCertification, refused.Cause));
    }

    /// <summary>Springest took one.</summary>
    public Task NoteAcceptedAsync(SubmissionEntity row, CancellationToken cancellationToken)
        => ChangeAsync(row.PartitionKey, state =>
        {
            var refused = state.ReadRefused();
            var others = refused.FindAll(each => each.Id != row.CertificationId);
            if (state.PausedAt is null && state.LastUnknown is null && others.Count == refused.Count
                && refused.TrueForAll(each => each.Last < state.LastAccepted))
                return false;
            state.EndPause();
            (state.LastAccepted, state.LastUnknown) = (clock.GetUtcNow(), null);
            state.Write(others);
            return true;
        }, cancellationToken);

    /// <summary>Springest takes nothing: it let nobody in, is not there, or has nothing at the address.</summary>
    public Task NotePauseAsync(SubmissionEntity row, string cause, CancellationToken cancellationToken)
        => ChangeAsync(row.PartitionKey, state => Pause(state, cause), cancellationToken);

    /// <summary>Nobody knows what became of one.</summary>
    public Task NoteUnknownAsync(SubmissionEntity row, string cause, CancellationToken cancellationToken)
        => ChangeAsync(row.PartitionKey, state =>
        {
            if (state.LastUnknown + _brakeTime >= clock.GetUtcNow())
                Pause(state, cause);
            state.LastUnknown = clock.GetUtcNow();
            return true;
        }, cancellationToken);

    /// <summary>Springest did not let the key submit for the certification.</summary>
    /// <returns>
    /// True if that is its word about the certification: between this refusal and the one before, it took another by the same key.
    /// </returns>
    public async Task<bool> NoteRefusedAsync(SubmissionEntity row, string cause, CancellationToken cancellationToken)
    {
        var isFinal = false;
        await ChangeAsync(row.PartitionKey, state =>
        {
            var (now, refused) = (clock.GetUtcNow(), state.ReadRefused());
            var known = refused.Find(each => each.Id == row.CertificationId);
            isFinal = known is not null && state.LastAccepted > known.Last;
            refused.RemoveAll(each => each.Id == row.CertificationId);
            refused.Add(known is null
                ? new RefusedCertification(row.CertificationId, now, now, cause, 0, now + PauseAfter(0))
                : known with { Last = now, Cause = cause, Next = now + PauseAfter(known.Probes) });
            state.Write(refused);
            if (refused.Count(each => !(each.Last < state.LastAccepted)) >= MostRefused)
                Pause(state, cause);
            return true;
        }, cancellationToken);
        return isFinal;
    }

    /// <summary>Has nothing sent any more, in every instance, from the next claim on.</summary>
    /// <param name="gapFrom">For a restore, which is due from then on: from when on nobody knows what was sent.</param>
    /// <param name="by">Who stops it, for the record.</param>
    public Task StopAsync(string site, DateTimeOffset? gapFrom, string? by, CancellationToken cancellationToken)
        => ChangeAsync(site, state =>
        {
            state.StoppedAt ??= clock.GetUtcNow();
            state.StoppedBy ??= by;
            if (gapFrom is not null)
                (state.GapFrom, state.RestoredLines) = (gapFrom, 0);
            return true;
        }, cancellationToken);

    /// <summary>Notes how far a restore is.</summary>
    /// <param name="gapFrom">Which one it is: from when on nobody knows what was sent.</param>
    /// <param name="lines">How many lines of the copy are back; null at the end.</param>
    internal Task NoteRestoredAsync(string site, DateTimeOffset gapFrom, int? lines, CancellationToken cancellationToken)
        => ChangeAsync(site, state =>
        {
            // Another call may be further, at the end, or at another copy.
            if (state.GapFrom != gapFrom || state.RestoredLines is null || lines < state.RestoredLines)
                return false;
            state.RestoredLines = lines;
            return true;
        }, cancellationToken);

    /// <summary>Has certificates sent again, whatever kept them from it, unless the ledger has yet to be restored.</summary>
    /// <returns>False if it has.</returns>
    public async Task<bool> StartAsync(string site, CancellationToken cancellationToken)
    {
        var isStarted = false;
        await ChangeAsync(site, state =>
        {
            isStarted = state.RestoredLines is null;
            if (!isStarted)
                return false;
            _closed.TryRemove(site, out _);
            (state.StoppedAt, state.StoppedBy, state.GapFrom, state.LastUnknown) = (null, null, null, null);
            state.EndPause();
            state.Write([]);
            return true;
        }, cancellationToken);
        return isStarted;
    }

    private Denial Close(SendingStateEntity state, Denial denial)
    {
        _closed[state.PartitionKey] = (denial, clock.GetUtcNow() + _fresh);
        return denial;
    }

    private static TimeSpan PauseAfter(int probes)
        => probes < 4 ? TimeSpan.FromMinutes(1 << probes) : _longestPause;

    private (Denial? Denial, bool IsChanged) Enter(SendingStateEntity state, long certification)
    {
        var (now, isChanged) = (clock.GetUtcNow(), false);
        if (state.PausedAt is not null && state.PausedKey != FingerprintOf(state.PartitionKey))
        {
            state.EndPause();
            state.Write([]);
            isChanged = true;
        }

        if (state.PausedAt is not null)
        {
            var probed = state.ReadProbed();
            var isAgain = probed.Contains(certification);
            if (now < state.NextProbe || (isAgain && now < state.NextProbe + _otherFirst))
                return (new Denial(Reason.WaitingForSite, state.PauseCause), isChanged);
            state.Probes++;
            state.NextProbe = now + PauseAfter(state.Probes);
            // Where nothing else is to be sent, a new round begins.
            state.WriteProbed(isAgain ? [certification] : [.. probed, certification]);
            return (null, true);
        }

        var refused = state.ReadRefused();
        if (refused.Find(each => each.Id == certification) is not { } known)
            return (null, isChanged);
        if (now < known.Next)
            return (new Denial(Reason.WaitingForCertification, known.Cause), isChanged);
        state.Write(refused.Select(each =>
            each == known ? known with { Probes = known.Probes + 1, Next = now + PauseAfter(known.Probes + 1) } : each));
        return (null, true);
    }

    private bool Pause(SendingStateEntity state, string cause)
    {
        if (state.PausedAt is not null && state.PauseCause == cause)
            return false;
        state.PauseCause = cause;
        if (state.PausedAt is null)
            (state.PausedAt, state.PausedKey, state.NextProbe, state.Probes) =
                (clock.GetUtcNow(), FingerprintOf(state.PartitionKey), clock.GetUtcNow() + PauseAfter(0), 0);
        return true;
    }

    private string FingerprintOf(string site)
    {
        var settings = sites.Get(site);
        return Fingerprint.Of(string.IsNullOrEmpty(settings.CertificationsApiKey) ? settings.ApiKey : settings.CertificationsApiKey);
    }

    private async Task ChangeAsync(string site, Func<SendingStateEntity, bool> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await ReadAsync(site, cancellationToken);
            if (!change(state) || await _table.TryWriteAsync(state, cancellationToken))
                return;
        }
    }
}

/// <summary>Sending was stopped before anything was sent.</summary>
internal sealed class SendingDeniedException(SendingGate.Denial denial) : Exception("Certificates are not sent now.")
{
    public SendingGate.Denial Denial => denial;
}
