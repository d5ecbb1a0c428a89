using System.Diagnostics.Metrics;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Status.Report;

namespace Springest.Functions.Status;

/// <summary>
/// How the app stands, as metrics of the meter <c>Springest.Functions.Status</c>. They are of the whole app, not of one instance.
/// </summary>
public sealed class StatusMetrics
{
    private readonly Gauge<long> _quotaUsed;
    private readonly Gauge<long> _quotaLeft;
    private readonly Gauge<long> _quotaBlocked;
    private readonly Gauge<double> _passAge;
    private readonly Gauge<long> _held;
    private readonly Gauge<long> _stopped;
    private readonly Gauge<long> _inbox;
    private readonly Gauge<double> _inboxAge;
    private readonly Gauge<long> _deadLettered;
    private readonly Gauge<long> _heldDeletes;
    private readonly Gauge<long> _certificates;
    private readonly Gauge<double> _fileAge;
    private readonly Gauge<long> _poisoned;

    public StatusMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Springest.Functions.Status");
        _quotaUsed = meter.CreateGauge<long>("springest.quota.used", "{permit}", "Permits that count against the limit.");
        _quotaLeft = meter.CreateGauge<long>("springest.quota.left", "{permit}", "Permits left to a class of requests.");
        _quotaBlocked = meter.CreateGauge<long>("springest.quota.blocked", null, "1 while the server wants no requests.");
        _passAge = meter.CreateGauge<double>(
            "springest.mirror.pass_age",
            "s",
            "Time since the last full pass ended, or the first began.");
        _held = meter.CreateGauge<long>("springest.mirror.deletes_held", null, "1 while deletes are held.");
        _stopped = meter.CreateGauge<long>(
            "springest.mirror.stopped",
            null,
            "1 if the last run had a problem, or full passes do not see every record.");
        _inbox = meter.CreateGauge<long>("springest.webhooks.inbox", "{object}", "Objects named by webhooks and not read again yet.");
        _inboxAge = meter.CreateGauge<double>("springest.webhooks.inbox_age", "s", "Time since the oldest of them was named.");
        _deadLettered = meter.CreateGauge<long>(
            "springest.webhooks.dead_lettered",
            "{object}",
            "Objects that failed too often and wait for a person.");
        _heldDeletes = meter.CreateGauge<long>(
            "springest.webhooks.deletes_held",
            "{object}",
            "Objects that are gone, and are not deleted because deletes are held.");
        _certificates = meter.CreateGauge<long>(
            "springest.certificates.open",
            "{certificate}",
            "Certificates in a state that they are to leave.");
        _fileAge = meter.CreateGauge<double>(
            "springest.certificates.file_age",
            "s",
            "Time since the oldest file in the drop was put there.");
        _poisoned = meter.CreateGauge<long>("springest.certificates.poisoned", "{message}", "Events of files that the host has given up.");
    }

    internal void Record(StatusReport report)
    {
        foreach (var site in report.Sites)
        {
            foreach (var quota in site.Quota)
                Record(site.Site, quota, report.At);
            foreach (var resource in site.Catalogue)
                Record(resource, report.At);
            Record(site.Site, site.Inbox, report.At);
            foreach (
                var state in (SubmissionState[])
                [
                    SubmissionState.Waiting, SubmissionState.Ready, SubmissionState.Submitting, SubmissionState.OutcomeUnknown,
                    SubmissionState.Held,
                ])
            {
                var count = site.Certificates.FirstOrDefault(each => each.State == state.ToString())?.Count ?? 0;
                _certificates.Record(count, new("site", site.Site), new("state", state.ToString()));
            }
        }
    }

    internal void Record(IReadOnlyDictionary<string, DateTimeOffset?> oldestFiles, DateTimeOffset now)
    {
        foreach (var (site, oldest) in oldestFiles)
            _fileAge.Record(AgeOf(oldest, now), new KeyValuePair<string, object?>("site", site));
    }

    internal void RecordPoisoned(int messages) => _poisoned.Record(messages);

    private void Record(string site, QuotaFigures quota, DateTimeOffset now)
    {
        KeyValuePair<string, object?>[] tags = [new("site", site), new("key", quota.Key)];
        _quotaUsed.Record(quota.Used, tags);
        _quotaBlocked.Record(quota.BlockedUntil > now ? 1 : 0, tags);
        foreach (var (priority, left) in quota.Left)
            _quotaLeft.Record(left, [.. tags, new("class", priority)]);
    }

    private void Record(ResourceStatus resource, DateTimeOffset now)
    {
        KeyValuePair<string, object?>[] tags = [new("site", resource.Site), new("resource", resource.Resource)];
        if ((resource.FullPassCompleted ?? resource.Pass?.Started) is { } since)
            _passAge.Record((now - since).TotalSeconds, tags);
        _held.Record(resource.HoldSince is null ? 0 : 1, tags);
        _stopped.Record(resource.Problem is null ? 0 : 1, tags);
    }

    private void Record(string site, InboxFigures inbox, DateTimeOffset now)
    {
        _inbox.Record(inbox.Waiting, new KeyValuePair<string, object?>("site", site));
        _inboxAge.Record(AgeOf(inbox.Oldest, now), new KeyValuePair<string, object?>("site", site));
        _deadLettered.Record(inbox.DeadLettered, new KeyValuePair<string, object?>("site", site));
        _heldDeletes.Record(inbox.Held, new KeyValuePair<string, object?>("site", site));
    }

    private static double AgeOf(DateTimeOffset? since, DateTimeOffset now) => since is { } time ? (now - time).TotalSeconds : 0;
}
