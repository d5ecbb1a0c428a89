using Springest.Functions.Webhooks.Inbox;

namespace Springest.Functions.Webhooks.Api;

/// <summary>An object that failed too often.</summary>
/// <param name="Key">How to name it in the actions <c>retry</c> and <c>drop</c>.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Named">When a webhook named it last.</param>
/// <param name="Delivery">Which delivery that was.</param>
/// <param name="Error">Why the last attempt failed.</param>
public sealed record DeadLetter(string Key, int Attempts, DateTimeOffset Named, string Delivery, string? Error)
{
    internal static DeadLetter Of(InboxItemEntity row) => new(row.RowKey, row.Attempts, row.Named, row.Delivery, row.Error);
}
