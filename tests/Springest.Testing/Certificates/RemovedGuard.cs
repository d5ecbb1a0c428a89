namespace Springest.Testing.Certificates;

/// <summary>What does not work of all that keeps a certificate from being submitted twice.</summary>
internal enum RemovedGuard
{
    None,

    /// <summary>The mark in the row before the request leaves.</summary>
    Mark,

    /// <summary>The row that says which submission may be sent as a certificate.</summary>
    Row,

    /// <summary>The claim's version, which says whether its holder sets marks.</summary>
    Version,
}
