using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Inbox;

/// <summary>A webhook that was taken.</summary>
public sealed class DeliveryEntity : ITableEntity
{
    /// <summary>Half of what a column holds; most webhooks have some hundred bytes.</summary>
    internal const int MostBytesInRow = 32 * 1024;

    private const int TimeLength = 16;

    /// <summary>Site and the beginning of the id, which some two seconds' deliveries share: <c>nl-24d9c3f1b2</c>.</summary>
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

    /// <summary>
    /// Accepted changes whose url, which nobody follows, leads elsewhere than to what they name: a sign of a sender gone wrong.
    /// </summary>
    public int OtherUrls { get; set; }

    /// <summary>The body in UTF-8, up to <see cref="MostBytesInRow"/>; null if it is larger, and so a blob of its own.</summary>
    public byte[]? Content { get; set; }

    /// <summary>Id of the first delivery that was stored together with it, itself if it came alone.</summary>
    public string StoredWith { get; set; } = "";

    /// <summary>Name of the blob in <c>webhook-bodies</c> that a large body is.</summary>
    internal string Blob => $"{BlobsOf(Site, Received)}{RowKey}.json";

    internal bool IsLarge => Bytes > MostBytesInRow;

    /// <summary>Whether none of its changes means anything to us: Springest may have changed a word.</summary>
    internal bool IsNotUnderstood => this is { Accepted: 0, Ignored: > 0 };

    internal string Site => PartitionKey[..PartitionKey.LastIndexOf('-')];

    /// <summary>A new delivery's keys: ids count down, so that a table's ascending order is the latest first.</summary>
    public static DeliveryEntity Create(string site, WebhookFeed feed, DateTimeOffset received)
    {
        var id = IdOf(received) + RandomNumberGenerator.GetHexString(8, lowercase: true);
        return new() { PartitionKey = Partition(site, id), RowKey = id, Feed = feed.ToString(), Received = received };
    }

    /// <summary>The row that says that it was not understood.</summary>
    public DeliveryEntity NotUnderstood()
    {
        var row = (DeliveryEntity)MemberwiseClone();
        (row.PartitionKey, row.Content) = (PartitionOfNotUnderstood(Site), null);
        return row;
    }

    /// <summary>Whether this can be a delivery's id.</summary>
    public static bool IsId(string text) => text.Length == TimeLength + 8 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The partition of the delivery of this id.</summary>
    public static string Partition(string site, string id) => $"{site}-{id[..10]}";

    /// <summary>The partition of a site's deliveries of this moment. Those of later ones come before it.</summary>
    public static string Partition(string site, DateTimeOffset received) => Partition(site, IdOf(received));

    /// <summary>Where each delivery of a site that was not understood has one more row, until somebody has looked at it.</summary>
    public static string PartitionOfNotUnderstood(string site) => $"{site}-unknown";

    /// <summary>How the names of a site's blobs of a day begin. Those of later days come after them.</summary>
    internal static string BlobsOf(string site, DateTimeOffset day)
        => string.Create(CultureInfo.InvariantCulture, $"{site}/{day.UtcDateTime:yyyy-MM-dd}/");

    /// <summary>How the ids of this moment begin.</summary>
    private static string IdOf(DateTimeOffset received)
        => (DateTimeOffset.MaxValue.UtcTicks - received.UtcTicks).ToString("x16", CultureInfo.InvariantCulture);
}
