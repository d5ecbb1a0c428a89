using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Webhooks;

/// <summary>
/// An object that a webhook named and that is still to be read again. Its ETag is the token: whoever names the object again
/// replaces the row, and who worked on the row as it was cannot remove it any more.
/// </summary>
public sealed class WebhookInboxEntity : ITableEntity
{
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
    public bool GivenUp { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; set; }

    internal static string KeyOf(WebhookChange change) => string.Create(CultureInfo.InvariantCulture, $"{change.Object}-{change.Id:D19}");

    internal static string KeyOf(WebhookDeliveryEntity delivery) => $"{WebhookObject.Delivery}-{delivery.RowKey}";

    /// <summary>The row of an object that a delivery names.</summary>
    internal static WebhookInboxEntity For(string site, WebhookChange change, string delivery, DateTimeOffset named)
        => new()
        {
            PartitionKey = site,
            RowKey = KeyOf(change),
            Action = change.Action.ToString(),
            Delivery = delivery,
            Named = named,
            NextAttempt = named,
        };

    /// <summary>The row that stands for all that a delivery names, until there is a row for each.</summary>
    internal static WebhookInboxEntity For(string site, WebhookDeliveryEntity delivery) => new()
    {
        PartitionKey = site,
        RowKey = KeyOf(delivery),
        Delivery = delivery.RowKey,
        Named = delivery.Received,
        NextAttempt = delivery.Received,
    };

    /// <summary>What this row is about: the kind, and the id within it.</summary>
    public (WebhookObject Object, string Id) Subject()
        => RowKey.Split('-') is [var about, var id]
            ? (Enum.Parse<WebhookObject>(about), id.TrimStart('0'))
            : throw new FormatException($"The inbox row '{RowKey}' names no object.");
}
