using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// Something that happened to a submission: a row beside its own, under its key, <c>~</c> and the time. It stays, whatever becomes of the
/// submission later.
/// </summary>
public sealed class LedgerEventEntity : ITableEntity
{
    /// <summary>The site.</summary>
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public int Format { get; set; }

    /// <summary>
    /// <c>attempt</c>, or what a person decided: <c>retry</c>, <c>accept</c>, <c>dismiss</c>, <c>reopen</c> or <c>submit</c>.
    /// </summary>
    public string Kind { get; set; } = "";

    public DateTimeOffset At { get; set; }

    /// <summary>Who decided; null where nobody did.</summary>
    public string? By { get; set; }

    /// <summary>The state that it led to, and why.</summary>
    public SubmissionState State { get; set; }

    public string? Code { get; set; }

    /// <summary>The status that Springest answered with; null if no answer came or nothing was sent.</summary>
    public int? Status { get; set; }
}
