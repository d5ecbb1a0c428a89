using System.Diagnostics.Metrics;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Quota;
using Springest.Functions.Status.Report;

namespace Springest.Functions.Status;

/// <summary>
/// How the app stands, as metrics of the meter <c>Springest.Functions.Status</c>. They are of the whole app, not of one instance.
/// </summary>
public sealed class StatusMetrics
{
    private readonly Gauge<long> _quotaUsed;
    private readonly Gauge<long> _quotaLeft;
    private readonly Gauge<double> _passAge;
    private readonly Gauge<long> _inbox;
    private readonly Gauge<double> _inboxAge;
    private readonly Gauge<long> _certificates;
    private readonly Gauge<double> _fileAge;

    public StatusMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Springest.Functions.Status");
        _quotaUsed = meter.CreateGauge<long>("springest.quota.used", "{permit}", "Permits that count against the limit.");
        _quotaLeft = meter.CreateGauge<long>("springest.quota.left", "{permit}", "Permits that a class of requests can still get.");
        _passAge = meter.CreateGauge<double>(
            "springest.mirror.pass_age",
            "s",
            "Time since the last full pass ended; before any has ended, since the pass in progress began.");
        _inbox = meter.CreateGauge<long>(
            "springest.webhooks.inbox", "{object}", "Objects that webhooks named and that wait to be read again.");
        _inboxAge = meter.CreateGauge<double>("springest.webhooks.inbox_age", "s", "Time since the oldest waiting object was named.");
        _certificates = meter.CreateGauge<long>(
            "springest.certificates.open",
            "{certificate}",
            "Certificates that are not yet in a final state.");
        _fileAge = meter.CreateGauge<double>(
            "springest.certificates.file_age",
            "s",
            "Time since the oldest file in the upload container was put there.");
    }

    internal void Record(StatusReport report)
    {
        foreach (var site in report.Sites)
        {
            foreach (var quota in site.Quota)
                Record(site.Site, quota);
            foreach (var resource in site.Catalogue)
                Record(resource, report.At);
            Record(site.Site, site.Inbox, report.At);
            foreach (var state in SubmissionStates.Open)
            {
                var count = site.Certificates.FirstOrDefault(each => each.State == state.ToString())?.Count ?? 0;
                _certificates.Record(count, new("site", site.Site), new("state", state.ToString()));
            }
        }

        foreach (var (site, oldest) in report.OldestFiles)
            _fileAge.Record(AgeOf(oldest.Put, report.At), new KeyValuePair<string, object?>("site", site));
    }

    private void Record(string site, QuotaStatus quota)
    {
        KeyValuePair<string, object?>[] tags = [new("site", site), new("key", quota.Key.ToString())];
        _quotaUsed.Record(quota.Used, tags);
        foreach (var (priority, left) in quota.Left)
            _quotaLeft.Record(left, [.. tags, new("class", priority.ToString())]);
    }

    private void Record(ResourceStatus resource, DateTimeOffset now)
    {
        KeyValuePair<string, object?>[] tags = [new("site", resource.Site), new("resource", resource.Resource)];
        if ((resource.FullPassCompleted ?? resource.Pass?.Started) is { } since)
            _passAge.Record((now - since).TotalSeconds, tags);
    }

    private void Record(string site, InboxFigures inbox, DateTimeOffset now)
    {
        _inbox.Record(inbox.Waiting, new KeyValuePair<string, object?>("site", site));
        _inboxAge.Record(AgeOf(inbox.Oldest, now), new KeyValuePair<string, object?>("site", site));
    }

    private static double AgeOf(DateTimeOffset? since, DateTimeOffset now) => since is { } time ? (now - time).TotalSeconds : 0;
}
