using Springest.Functions.Certificates;

namespace Springest.Functions.Status.Report;

/// <summary>How the app stands, for people to look at.</summary>
/// <param name="At">When it was put together.</param>
/// <param name="Sites">Each site.</param>
/// <param name="Attention">What waits for a person.</param>
public sealed record StatusReport(DateTimeOffset At, IReadOnlyList<SiteStatus> Sites, IReadOnlyList<AttentionItem> Attention)
{
    /// <summary>The oldest file of each site in the upload container.</summary>
    internal IReadOnlyDictionary<string, OldestFile> OldestFiles { get; init; } = new Dictionary<string, OldestFile>();
}
