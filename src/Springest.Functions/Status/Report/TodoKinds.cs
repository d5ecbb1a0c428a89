namespace Springest.Functions.Status.Report;

/// <summary>Every kind of what waits for a person; docs/operate.md says of each what to do.</summary>
public static class TodoKinds
{
    /// <summary>What is more than a person's daily work, and has somebody called.</summary>
    public const int Calls = 3;

    /// <summary>
    /// How bad each is: 1 that the app, or all of a site, does not work; 2 that something waits for a decision; 3 that it can wait until
    /// tomorrow; 4 that it is daily work, or was somebody's wish.
    /// </summary>
    public static IReadOnlyDictionary<string, int> Severities { get; } = new Dictionary<string, int>
    {
        [AppNotConfigured] = 1,
        ["ledger-key-lost"] = 1,
        ["key-rejected"] = 1,
        ["function-failed"] = 2,
        ["site-refuses"] = 2,
        ["certification-refused"] = 2,
        ["sending-gap"] = 2,
        ["certificate-unknown"] = 2,
        ["certificate-held"] = 2,
        ["certificate-waiting"] = 2,
        ["file-stuck"] = 2,
        ["file-old"] = 2,
        ["mirror-held"] = 2,
        ["mirror-stopped"] = 2,
        ["mirror-stale"] = 2,
        ["webhook-deletes-held"] = 2,
        ["webhook-not-understood"] = 2,
        ["inbox-old"] = 2,
        ["quota-blocked"] = 2,
        ["dead-letter"] = 3,
        ["poison-queue"] = 3,
        ["certificate-rejected"] = 4,
        ["list-refused"] = 4,
        ["sending-stopped"] = 4,
        ["mirror-paused"] = 4,
    };

    /// <summary>How bad a kind is, also one that another version of the app has.</summary>
    internal static int SeverityOf(string kind) => Severities.GetValueOrDefault(kind, 2);

    internal const string AppNotConfigured = "app-not-configured";
}
