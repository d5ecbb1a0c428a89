using System.Diagnostics.Metrics;
using System.Net;
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
        _deliveries = meter.CreateCounter<long>("springest.webhooks.deliveries", "{delivery}", "Webhooks taken or refused.");
        _objects = meter.CreateCounter<long>(
            "springest.webhooks.objects",
            "{attempt}",
            "Attempts to read again what webhooks named, by outcome.");
    }

    /// <param name="feed">What it is about.</param>
    /// <param name="refused">Why it was not taken, or null. Who sent it and for which site is left out: it may be anything.</param>
    internal void Delivered(WebhookFeed feed, HttpStatusCode? refused)
        => _deliveries.Add(1, new("feed", feed.ToString()), new("outcome", refused?.ToString() ?? "Taken"));

    internal void Worked(string site, string outcome) => _objects.Add(1, new("site", site), new("outcome", outcome));
}
