namespace Springest.Functions.Certificates.Ledger;

/// <summary>A file that waits for what it is for, or was refused by our checks; also a manifest or sidecar.</summary>
public sealed class FileNoteEntity : LedgerRow
{
    internal const string KindName = "file";

    public FileNoteEntity() => Kind = KindName;

    /// <summary>A row that was read before it was known what it is.</summary>
    internal static FileNoteEntity Of(LedgerRow row) => new()
    {
        PartitionKey = row.PartitionKey,
        RowKey = row.RowKey,
        Timestamp = row.Timestamp,
        ETag = row.ETag,
        Format = row.Format,
        State = row.State,
        Code = row.Code,
        Message = row.Message,
        Values = row.Values,
        Stuck = row.Stuck,
        Report = row.Report,
        Unreported = row.Unreported,
        Unhandled = row.Unhandled,
        ClosedBy = row.ClosedBy,
        Blob = row.Blob,
        ContentHash = row.ContentHash,
        Size = row.Size,
        CertificateId = row.CertificateId,
        Received = row.Received,
        Updated = row.Updated,
        Due = row.Due,
        OpenAs = row.OpenAs,
    };
}
