namespace Springest.Functions.Certificates;

/// <summary>
/// Names of the certificates' tables and containers, without prefix. The drop and its siblings have a setting of their own.
/// </summary>
public static class CertificateStorage
{
    /// <summary>The ledger: <c>SubmissionEntity</c>, <c>FileNoteEntity</c>, and what happened to them.</summary>
    public const string Submissions = "CertificateSubmissions";

    /// <summary>What of the ledger is still open (<c>OpenRows</c>).</summary>
    public const string Open = "CertificateOpen";

    /// <summary>What it is looked for by (<c>LedgerIndex</c>).</summary>
    public const string Index = "CertificateIndex";

    /// <summary>For each person and certification who may be submitted (<c>DuplicateGuard</c>).</summary>
    public const string Guards = "CertificateGuards";

    /// <summary>Whether a site's certificates are sent (<c>SendingGate</c>), and how many there are (<c>LedgerCounters</c>).</summary>
    public const string State = "CertificateState";

    /// <summary>The ledger's key (<c>LedgerKeys</c>). For the app alone.</summary>
    public const string Key = "CertificateKey";

    public const string Manifests = "CertificateManifests";

    /// <summary>The container of the ledger's nightly exports.</summary>
    public const string Exports = "certificate-ledger";
}
