using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Springest.Client;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Text;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Inbox;

/// <summary>
/// An object that a webhook named and that is still to be read again. Its ETag is the token: whoever names the object again
/// replaces the row, and who worked on the row as it was cannot remove it any more.
/// </summary>
public sealed class InboxItemEntity : ITableEntity
{
    /// <summary>The format of the rows. Whoever meets a newer one leaves it alone.</summary>
    public const int CurrentFormat = 1;

    /// <summary>As many objects as one transaction holds. More than these are left to the timer.</summary>
    internal const int MostAtOnce = 100;

    private const string BundlePrefix = $"{nameof(WebhookObject.Bundle)}-";
    private const int MostFailures = 12;

    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public int Format { get; set; } = CurrentFormat;

    /// <summary>The last thing said of it, a <see cref="ChangeAction"/>.</summary>
    public string Action { get; set; } = "";

    /// <summary>The delivery that named it last.</summary>
    public string Delivery { get; set; } = "";

    /// <summary>When that was.</summary>
    public DateTimeOffset Named { get; set; }

    /// <summary>True if it named very many objects: these leave a part of the requests to what others name.</summary>
    public bool IsBulk { get; set; }

    /// <summary>Not to be taken before this: because it was just taken, or because the last attempt failed.</summary>
    public DateTimeOffset NextAttempt { get; set; }

    /// <summary>How often work on it was begun, except where it was put back.</summary>
    public int Attempts { get; set; }

    /// <summary>True if it failed too often: nobody takes it any more until it is named again.</summary>
    public bool DeadLettered { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; set; }

    /// <summary>The last failures since it was named, a line each: when, and why.</summary>
    public string? Failures { get; set; }

    /// <summary>Since when something said to be updated is gone, to be confirmed by a second look.</summary>
    public DateTimeOffset? MissingSince { get; set; }

    /// <summary>The resource whose deletes are held, this one among them; empty if it is not.</summary>
    public string HeldBy { get; set; } = "";

    /// <summary>The number of the hold.</summary>
    public int? Hold { get; set; }

    /// <summary>
    /// Of a bundle only: the objects that it stands for, a line each; none if they are to be read from the delivery's body.
    /// </summary>
    public string? Bundled { get; set; }

    /// <summary>Of an institute whose trainings are being read: when that began, and how far it has come.</summary>
    public DateTimeOffset? ImportStarted { get; set; }

    public int? ImportOffset { get; set; }

    public long? ImportTotal { get; set; }

    /// <summary>Of a replay: from when to when the deliveries came, and the last one that was replayed, the latest coming first.</summary>
    public DateTimeOffset? ReplayFrom { get; set; }

    public DateTimeOffset? ReplayTo { get; set; }

    public string? ReplayAfter { get; set; }

    internal ImportCheckpoint? Import
    {
        get => ImportStarted is { } started && ImportOffset is { } offset ? new ImportCheckpoint(started, offset, ImportTotal) : null;
        set => (ImportStarted, ImportOffset, ImportTotal) = (value?.Started, value?.Offset, value?.Total);
    }

    /// <summary>Until when it was claimed when it was last written here.</summary>
    internal DateTimeOffset ClaimedUntil { get; set; }

    /// <summary>
    /// Held while the row is written, which two may want at the same time: who works on it, and who keeps it claimed meanwhile.
    /// </summary>
    internal SemaphoreSlim Writing { get; } = new(1);

    /// <summary>Whether this row stands for many objects, until each has a row of its own.</summary>
    internal bool IsBundle => RowKey.StartsWith(BundlePrefix, StringComparison.Ordinal);

    /// <summary>Whether it stands for everything that the body of its delivery names. The body is read when the row is worked on.</summary>
    internal bool StandsForBody => IsBundle && Bundled is null;

    internal static string KeyOf(WebhookChange change) => string.Create(CultureInfo.InvariantCulture, $"{change.Object}-{change.Id:D19}");

    /// <summary>The bundle's key, if there is one for what this delivery names: that of the first delivery stored with it.</summary>
    internal static string KeyOfBundle(DeliveryEntity delivery) => BundlePrefix + delivery.StoredWith;

    /// <summary>The row of an object that a delivery names.</summary>
    /// <param name="site">The site.</param>
    /// <param name="change">What is said of the object.</param>
    /// <param name="delivery">The delivery's id.</param>
    /// <param name="named">When it came.</param>
    /// <param name="objects">How many objects it names.</param>
    internal static InboxItemEntity For(string site, WebhookChange change, string delivery, DateTimeOffset named, int objects)
        => new()
        {
            PartitionKey = site,
            RowKey = KeyOf(change),
            Action = change.Action.ToString(),
            Delivery = delivery,
            Named = named,
            NextAttempt = named,
            IsBulk = objects > MostAtOnce,
        };

    /// <summary>One row for the replay of a span of time.</summary>
    internal static InboxItemEntity Replay(string site, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now) => new()
    {
        PartitionKey = site,
        RowKey = string.Create(CultureInfo.InvariantCulture, $"{WebhookObject.Replay}-{now.UtcTicks:D19}"),
        Named = now,
        NextAttempt = now,
        ReplayFrom = from,
        ReplayTo = to,
    };

    /// <summary>One row for all that a delivery names.</summary>
    internal static InboxItemEntity Bundle(DeliveryEntity delivery) => new()
    {
        PartitionKey = delivery.Site,
        RowKey = BundlePrefix + delivery.RowKey,
        Delivery = delivery.RowKey,
        Named = delivery.Received,
        NextAttempt = delivery.Received,
    };

    /// <summary>One row for those of several deliveries of a site, written far faster than each of them.</summary>
    internal static InboxItemEntity Bundle(DeliveryEntity first, IReadOnlyList<InboxItemEntity> rows) => new()
    {
        PartitionKey = rows[0].PartitionKey,
        RowKey = BundlePrefix + first.RowKey,
        Delivery = rows[^1].Delivery,
        Named = rows.Max(row => row.Named),
        NextAttempt = rows.Max(row => row.NextAttempt),
        Bundled = string.Join('\n', rows.Select(row => $"{row.RowKey} {row.Action} {row.Delivery}{(row.IsBulk ? " bulk" : "")}")),
    };

    /// <summary>Whether a later delivery than the other row's named it; their ids count down. A replay names nothing later.</summary>
    internal bool IsNamedAfter(InboxItemEntity other) => string.CompareOrdinal(Delivery, other.Delivery) < 0;

    /// <summary>Notes why an attempt failed, and when.</summary>
    internal void NoteFailure(string error, DateTimeOffset now)
    {
        Error = StoredText.Cut(error, 1000);
        var line = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:O} {StoredText.Cut(error, 300).ReplaceLineEndings(" ")}");
        Failures = string.Join('\n', (Failures?.Split('\n') ?? []).Append(line).TakeLast(MostFailures));
    }

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
            IsBulk = words.Length > 3,
            Named = Named,
            NextAttempt = NextAttempt,
        };

    /// <summary>What this row is about: the kind, and the id within it; a bundle has none, and that of a replay says nothing.</summary>
    public (WebhookObject Object, long Id) Subject()
        => IsBundle ? (WebhookObject.Bundle, 0)
            : RowKey.Split('-') is [var about, var id] ? (Enum.Parse<WebhookObject>(about), long.Parse(id, CultureInfo.InvariantCulture))
            : throw new FormatException($"The inbox row '{RowKey}' names no object.");
}
