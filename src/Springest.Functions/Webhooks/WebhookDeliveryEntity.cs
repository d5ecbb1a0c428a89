using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Webhooks;

/// <summary>A webhook that was taken.</summary>
public sealed class WebhookDeliveryEntity : ITableEntity
{
    /// <summary>Site and day: <c>nl-2026-11-21</c>.</summary>
    public string PartitionKey { get; set; } = "";

    /// <summary>The delivery's id. Later ones come first.</summary>
    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>When it came.</summary>
    public DateTimeOffset Received { get; set; }

    /// <summary>Where it came to, a <see cref="WebhookFeed"/>.</summary>
    public string Feed { get; set; } = "";

    /// <summary>Size of the body in UTF-8.</summary>
    public int Bytes { get; set; }

    /// <summary>Changes that were put in the inbox.</summary>
    public int Accepted { get; set; }

    /// <summary>Changes that mean nothing to us.</summary>
    public int Ignored { get; set; }

    /// <summary>The different objects among the accepted.</summary>
    public int Objects { get; set; }

    /// <summary>The blob in <c>webhook-bodies</c> that holds the body, perhaps among others.</summary>
    public string Body { get; set; } = "";

    /// <summary>Where in the blob it begins.</summary>
    public long Offset { get; set; }

    /// <summary>A new delivery's keys: ids count down, so that a table's ascending order is the latest first.</summary>
    public static WebhookDeliveryEntity Create(string site, WebhookFeed feed, DateTimeOffset received)
    {
        var id = string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTimeOffset.MaxValue.UtcTicks - received.UtcTicks:x16}{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        var partition = Partition(site, received);
        return new() { PartitionKey = partition, RowKey = id, Feed = feed.ToString(), Received = received, Body = $"{partition}/{id}.json" };
    }

    /// <summary>When a delivery of this id came, or null if it is no id.</summary>
    public static DateTimeOffset? ReceivedAt(string id)
        => id.Length == 24 && long.TryParse(id.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var left)
            && left >= 0 && left <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(DateTimeOffset.MaxValue.UtcTicks - left, TimeSpan.Zero)
            : null;

    /// <summary>The partition of a site's deliveries of a day.</summary>
    public static string Partition(string site, DateTimeOffset day)
        => string.Create(CultureInfo.InvariantCulture, $"{site}-{day.UtcDateTime:yyyy-MM-dd}");
}
