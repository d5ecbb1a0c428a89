using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Catalogue.State;

/// <summary>
/// How the mirror of one resource of one site stands: a row of <c>MirrorState</c>. Written only by the holder of the lease,
/// and only on the version that it read.
/// </summary>
public sealed class SyncStateEntity : ITableEntity
{
    /// <summary>The newest format that is understood: a row in a later one is left alone.</summary>
    internal const int LatestFormat = 1;

    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>The format that the row was written in, from 1 on.</summary>
    public int Format { get; set; }

    /// <summary>Who holds the lease; null if nobody does. It expires if the row is not written for the lease's duration.</summary>
    public string? LeaseOwner { get; set; }

    /// <summary>Goes up by one with every holder.</summary>
    public long Fence { get; set; }

    /// <summary>The pass in progress; null if there is none.</summary>
    public string? PassId { get; set; }

    public string? PassKind { get; set; }

    public DateTimeOffset? PassStarted { get; set; }

    /// <summary>The day from which a delta reads.</summary>
    public string? PassModifiedFrom { get; set; }

    public int PassPages { get; set; }

    public int PassOffset { get; set; }

    /// <summary>Records that the pass is expected to show, as the newest page says.</summary>
    public long? PassTotal { get; set; }

    public int PassCreated { get; set; }

    public int PassUpdated { get; set; }

    public int PassDeleted { get; set; }

    public int PassLookUps { get; set; }

    /// <summary>Why a run of the pass was last stopped before its end.</summary>
    public string? PassStopped { get; set; }

    /// <summary>Records of the pass that could not be stored.</summary>
    public int PassRefused { get; set; }

    /// <summary>Records that the API could not give.</summary>
    public int PassSkipped { get; set; }

    /// <summary>True once a run has seen the list come to its end.</summary>
    public bool PassEnded { get; set; }

    /// <summary>True if the pass may take its time: the mirror has been filled, and nobody is waiting.</summary>
    public bool PassPaced { get; set; }

    /// <summary>Runs in a row that could not look up all records that were missing.</summary>
    public int LookUpFailures { get; set; }

    /// <summary>
    /// The full pass that waits while a delta is read, when it began and whether it takes its time; null if there is none.
    /// </summary>
    public string? ParkedPassId { get; set; }

    public DateTimeOffset? ParkedPassStarted { get; set; }

    public bool ParkedPassPaced { get; set; }

    public int ParkedPassPages { get; set; }

    public long? ParkedPassTotal { get; set; }

    public int ParkedPassDeleted { get; set; }

    public int ParkedPassLookUps { get; set; }

    public string? ParkedPassStopped { get; set; }

    /// <summary>When the last full pass that came to the list's end began, and when it ended.</summary>
    public DateTimeOffset? FullStarted { get; set; }

    public DateTimeOffset? FullCompleted { get; set; }

    /// <summary>
    /// When the last full pass began that showed all there is, but for a few, and when it ended: what it did not show is missing.
    /// </summary>
    public DateTimeOffset? ProofStarted { get; set; }

    public DateTimeOffset? ProofCompleted { get; set; }

    /// <summary>Records that the last full pass should have shown, as the list itself said, and did not.</summary>
    public int Unread { get; set; }

    /// <summary>When the last delta began, and how many pages it took.</summary>
    public DateTimeOffset? DeltaStarted { get; set; }

    public int DeltaPages { get; set; }

    /// <summary>
    /// Until when a full pass is not parked for the next delta: for as long as the last one took. The filter knows days only, so that for
    /// two days after very many records were modified every delta reads them all.
    /// </summary>
    public DateTimeOffset? FullHasUntil { get; set; }

    /// <summary>True if the last full pass has no snapshot yet.</summary>
    public bool SnapshotDue { get; set; }

    /// <summary>When the snapshot was begun that is being written; null if none is.</summary>
    public DateTimeOffset? SnapshotBegun { get; set; }

    /// <summary>True if the snapshots before it are to go, however many are kept.</summary>
    public bool SnapshotReplaces { get; set; }

    /// <summary>When the newest snapshot began, of which changes are kept in any case; null if there is none.</summary>
    public DateTimeOffset? SnapshotWritten { get; set; }

    /// <summary>Before when changes may have been removed; null if none were.</summary>
    public DateTimeOffset? ChangesFrom { get; set; }

    /// <summary>Up to when <see cref="Records"/> counts what webhooks have created and deleted.</summary>
    public DateTimeOffset? CountedUntil { get; set; }

    /// <summary>When something is due next, as of the last run.</summary>
    public DateTimeOffset? NextDue { get; set; }

    /// <summary>True while an operator has it do nothing.</summary>
    public bool Paused { get; set; }

    /// <summary>True if an operator wants a full pass.</summary>
    public bool FullRequested { get; set; }

    /// <summary>True if an operator has said that the next full pass may delete however many records.</summary>
    public bool HoldReleased { get; set; }

    /// <summary>What stopped the last run before its end; null if nothing did.</summary>
    public string? Problem { get; set; }

    /// <summary>True if that was Springest's refusal of the key.</summary>
    public bool KeyRejected { get; set; }

    /// <summary>Records that are not deleted, as of the last look.</summary>
    public int Records { get; set; }

    /// <summary>Records that the last pass could not store. The log says where each stands and what is wrong with it.</summary>
    public int Refused { get; set; }

    /// <summary>Since when deletes are held because too many records are missing at once; null if they are not.</summary>
    public DateTimeOffset? HoldSince { get; set; }

    /// <summary>How many are missing while deletes are held.</summary>
    public int HoldMissing { get; set; }

    /// <summary>When the pass began whose missing records are held; null if none are.</summary>
    public DateTimeOffset? HoldPass { get; set; }

    /// <summary>The pass that has found the hold to be needless.</summary>
    public string? HoldEndedBy { get; set; }
}
