using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>The deletes of one site and resource that webhooks led to within the last hour: a row of <c>WebhookDeletes</c>.</summary>
public sealed class DeleteHoldEntity : ITableEntity
{
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>How many there were in each minute: <c>29731140:3 29731141:1</c>.</summary>
    public string Minutes { get; set; } = "";

    /// <summary>Since when further ones are held, or null.</summary>
    public DateTimeOffset? HoldSince { get; set; }

    /// <summary>The number of the hold, which counts up.</summary>
    public int Hold { get; set; }

    /// <summary>The last hold whose deletes a person has let go ahead.</summary>
    public int Released { get; set; }
}
