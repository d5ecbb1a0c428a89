namespace Springest.Functions.Status.Report;

/// <summary>What waits for a person.</summary>
/// <param name="Name">Who asks.</param>
/// <param name="Role">What the key of who asks may do.</param>
/// <param name="Sites">Each site, in figures.</param>
/// <param name="Attention">What waits.</param>
public sealed record TodoList(
    string Name, string Role, IReadOnlyList<TodoList.SiteFigures> Sites, IReadOnlyList<AttentionItem> Attention)
{
    /// <summary>A site in figures.</summary>
    /// <param name="Site">The site.</param>
    /// <param name="Certificates">How many certificates are in each state.</param>
    /// <param name="Inbox">What webhooks named and is not applied yet.</param>
    public sealed record SiteFigures(string Site, IReadOnlyList<CertificateFigures> Certificates, InboxFigures Inbox);
}
