namespace Springest.Functions.Catalogue.Records;

/// <summary>By what a change came to the mirror.</summary>
public enum ChangeSource
{
    Crawl,
    Delta,
    Webhook,

    /// <summary>Somebody was to be forgotten.</summary>
    Erasure,
}
