using System.Diagnostics.Metrics;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks;

/// <summary>What comes by webhook and what becomes of it, as metrics of the meter <c>Springest.Functions.Webhooks</c>.</summary>
public sealed class WebhookMetrics
{
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _objects;

    public WebhookMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Springest.Functions.Webhooks");
        _deliveries = meter.CreateCounter<long>("springest.webhooks.deliveries", "{delivery}", "Webhooks that were stored or refused.");
        _objects = meter.CreateCounter<long>(
            "springest.webhooks.objects",
            "{attempt}",
            "Attempts to read again an object that a webhook named, by outcome.");
    }

    /// <param name="feed">What it is about.</param>
    /// <param name="outcome">
    /// <c>Taken</c>, <c>NotUnderstood</c> if it was taken but means nothing to us, or the status with which it was refused. Who sent it and
    /// for which site is left out: it may be anything.
    /// </param>
    internal void Delivered(WebhookFeed feed, string outcome)
        => _deliveries.Add(1, new("feed", feed.ToString()), new("outcome", outcome));

    internal void Worked(string site, string outcome) => _objects.Add(1, new("site", site), new("outcome", outcome));
}
