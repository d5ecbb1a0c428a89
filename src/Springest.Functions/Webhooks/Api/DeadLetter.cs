using System.Globalization;
using Springest.Functions.Webhooks.Inbox;

namespace Springest.Functions.Webhooks.Api;

/// <summary>An object that failed too often.</summary>
/// <param name="Key">How to name it in the actions <c>retry</c> and <c>discard</c>.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Named">When a webhook named it last.</param>
/// <param name="Delivery">Which delivery that was.</param>
/// <param name="Error">Why the last attempt failed.</param>
/// <param name="Failures">The last failures since it was named, in their order.</param>
public sealed record DeadLetter(
    string Key, int Attempts, DateTimeOffset Named, string Delivery, string? Error, IReadOnlyList<DeadLetter.Failure> Failures)
{
    internal static DeadLetter Of(InboxItemEntity row)
        => new(row.RowKey, row.Attempts, row.Named, row.Delivery, row.Error, [.. row.Failures?.Split('\n').Select(FailureOf) ?? []]);

    private static Failure FailureOf(string line)
        => line.Split(' ', 2) is [var at, var error]
            ? new Failure(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), error)
            : throw new FormatException($"'{line}' is no failure.");

    /// <summary>One attempt that failed.</summary>
    /// <param name="At">When.</param>
    /// <param name="Error">Why.</param>
    public sealed record Failure(DateTimeOffset At, string Error);
}
