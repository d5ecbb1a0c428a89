namespace Springest.Functions.Catalogue;

/// <summary>By what a change came to the mirror.</summary>
public enum ChangeSource
{
    Crawl,
    Delta,
    Webhook,
}
