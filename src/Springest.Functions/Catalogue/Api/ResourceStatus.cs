using Springest.Functions.Catalogue.State;

namespace Springest.Functions.Catalogue.Api;

/// <summary>How one resource of one site stands.</summary>
/// <param name="Site">The site.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Records">Records that are not deleted; while a pass is at work, those before it and what it has created.</param>
/// <param name="FullPassCompleted">When the last full pass ended.</param>
/// <param name="Fresh">From when on changes may be missing: the start of the last pass that ended.</param>
/// <param name="Pass">The pass in progress, or null.</param>
/// <param name="Problem">What stopped the last run before its end, or null.</param>
/// <param name="IsKeyRejected">Whether that was Springest's refusal of the key.</param>
/// <param name="IsPaused">True while an operator has it do nothing.</param>
/// <param name="HoldSince">Since when deletes are held, or null.</param>
/// <param name="HoldMissing">How many records are missing while they are.</param>
/// <param name="Unread">Records that the last full pass should have shown, as the list itself said, and did not.</param>
/// <param name="NextDue">When something is due next, as of the last run.</param>
/// <param name="Refused">Records that the last pass could not store; the log says where they stand and why.</param>
public sealed record ResourceStatus(
    string Site,
    string Resource,
    int Records,
    DateTimeOffset? FullPassCompleted,
    DateTimeOffset? Fresh,
    PassStatus? Pass,
    string? Problem,
    bool IsKeyRejected,
    bool IsPaused,
    DateTimeOffset? HoldSince,
    int HoldMissing,
    int Unread,
    DateTimeOffset? NextDue,
    int Refused)
{
    internal static ResourceStatus Of(SyncStateEntity state) => new(
        state.PartitionKey,
        state.RowKey,
        state.Records + (state.PassId is null ? 0 : state.PassCreated),
        state.FullCompleted,
        state.DeltaStarted > state.FullStarted ? state.DeltaStarted : state.FullStarted,
        state.PassId is null ? null : new PassStatus(
            Enum.Parse<PassKind>(state.PassKind!), state.PassStarted!.Value, state.PassPages, state.PassOffset, state.PassTotal,
            state.PassCreated, state.PassUpdated, state.PassRefused, state.LeaseOwner is not null),
        state.Problem,
        state.KeyRejected,
        state.Paused,
        state.HoldSince,
        state.HoldMissing,
        state.Unread,
        state.NextDue,
        state.Refused);
}
