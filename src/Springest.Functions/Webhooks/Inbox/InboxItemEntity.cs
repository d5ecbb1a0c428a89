using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Inbox;

/// <summary>
/// An object that a webhook named and that is still to be read again. Its ETag is the token: whoever names the object again
/// replaces the row, and who worked on the row as it was cannot remove it any more.
/// </summary>
public sealed class InboxItemEntity : ITableEntity
{
    private const string BundlePrefix = $"{nameof(WebhookObject.Bundle)}-";

    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>The last thing said of it, a <see cref="WebhookAction"/>.</summary>
    public string Action { get; set; } = "";

    /// <summary>The delivery that named it last.</summary>
    public string Delivery { get; set; } = "";

    /// <summary>When that was.</summary>
    public DateTimeOffset Named { get; set; }

    /// <summary>Not to be taken before this: because it was just taken, or because the last attempt failed.</summary>
    public DateTimeOffset NextAttempt { get; set; }

    /// <summary>How often it has been taken.</summary>
    public int Attempts { get; set; }

    /// <summary>True if it failed too often: nobody takes it any more until it is named again.</summary>
    public bool DeadLettered { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; set; }

    /// <summary>
    /// Of a bundle only: the objects that it stands for, a line each; none if they are to be read from the delivery's body.
    /// </summary>
    public string? Bundled { get; set; }

    /// <summary>Of an institute whose trainings are being read: when that began, and how far it has come.</summary>
    public DateTimeOffset? ImportStarted { get; set; }

    public int? ImportOffset { get; set; }

    public long? ImportTotal { get; set; }

    internal ImportCheckpoint? Import
    {
        get => ImportStarted is { } started && ImportOffset is { } offset ? new ImportCheckpoint(started, offset, ImportTotal) : null;
        set => (ImportStarted, ImportOffset, ImportTotal) = (value?.Started, value?.Offset, value?.Total);
    }

    /// <summary>
    /// Held while the row is written, which two may want at the same time: who works on it, and who keeps it claimed meanwhile.
    /// </summary>
    internal SemaphoreSlim Writing { get; } = new(1);

    /// <summary>Whether this row stands for many objects, until each has a row of its own.</summary>
    internal bool IsBundle => RowKey.StartsWith(BundlePrefix, StringComparison.Ordinal);

    internal static string KeyOf(WebhookChange change) => string.Create(CultureInfo.InvariantCulture, $"{change.Object}-{change.Id:D19}");

    /// <summary>The bundle's key, if there is one for what this delivery names: that of the first delivery stored with it.</summary>
    internal static string KeyOfBundle(DeliveryEntity delivery) => BundlePrefix + Path.GetFileNameWithoutExtension(delivery.Body);

    /// <summary>The row of an object that a delivery names.</summary>
    internal static InboxItemEntity For(string site, WebhookChange change, string delivery, DateTimeOffset named)
        => new()
        {
            PartitionKey = site,
            RowKey = KeyOf(change),
            Action = change.Action.ToString(),
            Delivery = delivery,
            Named = named,
            NextAttempt = named,
        };

    /// <summary>One row for all that a delivery names.</summary>
    internal static InboxItemEntity Bundle(DeliveryEntity delivery) => new()
    {
        PartitionKey = delivery.Site,
        RowKey = KeyOfBundle(delivery),
        Delivery = delivery.RowKey,
        Named = delivery.Received,
        NextAttempt = delivery.Received,
    };

    /// <summary>One row for those of several deliveries of a site, written far faster than each of them.</summary>
    internal static InboxItemEntity Bundle(DeliveryEntity first, IReadOnlyList<InboxItemEntity> rows) => new()
    {
        PartitionKey = rows[0].PartitionKey,
        RowKey = KeyOfBundle(first),
        Delivery = rows[^1].Delivery,
        Named = rows.Max(row => row.Named),
        NextAttempt = rows.Max(row => row.NextAttempt),
        Bundled = string.Join('\n', rows.Select(row => $"{row.RowKey} {row.Action} {row.Delivery}")),
    };

    /// <summary>The rows that this one stands for.</summary>
    internal IEnumerable<InboxItemEntity> Unbundle()
        => from line in Bundled!.Split('\n')
        let words = line.Split(' ')
        select new InboxItemEntity
        {
            PartitionKey = PartitionKey,
            RowKey = words[0],
            Action = words[1],
            Delivery = words[2],
            Named = Named,
            NextAttempt = NextAttempt,
        };

    /// <summary>What this row is about: the kind, and the id within it; a bundle has none.</summary>
    public (WebhookObject Object, long Id) Subject()
        => IsBundle ? (WebhookObject.Bundle, 0)
            : RowKey.Split('-') is [var about, var id] ? (Enum.Parse<WebhookObject>(about), long.Parse(id, CultureInfo.InvariantCulture))
            : throw new FormatException($"The inbox row '{RowKey}' names no object.");
}
